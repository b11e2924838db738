import { Command } from "commander";
import { stringify } from "yaml";
import { customResourceDefinition, KINDS } from "../../../api/crds.ts";

/** `countersign crds`: prints the CustomResourceDefinitions of this version. */
export function crdsCommand(): Command {
  return new Command("crds")
    .summary("print the CustomResourceDefinitions")
    .description("Prints the CustomResourceDefinitions of Application, ApiGrant and ApiDomain (YAML).")
    .addHelpText("after", "\nExample:\n  $ countersign crds | kubectl apply --server-side -f -\n")
    .action(() => {
      const options = { lineWidth: 0, aliasDuplicateObjects: false };
      process.stdout.write(
        KINDS.map((kind) => stringify(customResourceDefinition(kind), options)).join("---\n"),
      );
    });
}
