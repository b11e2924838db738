import { describeModel } from "../../model/describeModel.ts";
import { KubeStage } from "../../model/kubeStage.ts";

describeModel("kube", () => KubeStage.set(), { runs: 6, runMs: 60_000, shrinks: false });
