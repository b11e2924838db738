import { Option } from "commander";
import { DEFAULT_DATA_NAMESPACE, DEFAULT_SYSTEM_NAMESPACE } from "../../../api/names.ts";

/** How to reach the API server, and where the projections and Leases are. */
export interface ClusterFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly dataNamespace: string;
}

/** The options of these flags. */
export function clusterOptions(): readonly Option[] {
  return [
    new Option(
      "--kubeconfig <file>",
      "default: KUBECONFIG, then the Pod's ServiceAccount, then ~/.kube/config",
    ),
    new Option("--context <name>", "a context of the kubeconfig instead of its current one"),
    new Option("--data-namespace <name>", "namespace of the projections and verifier Leases").default(
      DEFAULT_DATA_NAMESPACE,
    ),
  ];
}

export function systemNamespaceOption(): Option {
  return new Option("--system-namespace <name>", "namespace of the operator's leader Lease").default(
    DEFAULT_SYSTEM_NAMESPACE,
  );
}

export function classOption(): Option {
  return new Option(
    "--class <name>",
    "only objects with this spec.className; without it, only objects without a className",
  ).default("", "none");
}
