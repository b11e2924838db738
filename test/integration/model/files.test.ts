import { describeModel } from "../../model/describeModel.ts";
import { FilesLine } from "../../model/filesLine.ts";

describeModel("files", async () => ({ line: () => FilesLine.create(), stop: async () => {} }), {
  runs: 30,
  runMs: 10_000,
  shrinks: true,
});
