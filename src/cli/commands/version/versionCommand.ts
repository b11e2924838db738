import { Command, Option } from "commander";
import { packageVersion } from "../../shared/packageVersion.ts";

/** `countersign version`. */
export function versionCommand(): Command {
  return new Command("version")
    .summary("print the version")
    .description("Prints the versions of Countersign and of the Node that it runs on.")
    .addOption(new Option("-o, --output <format>", "text or json").choices(["text", "json"]).default("text"))
    .action(({ output }: { output: string }) => {
      const versions = { countersign: packageVersion(), node: process.versions.node };
      const text = `countersign ${versions.countersign} (Node ${versions.node})`;
      process.stdout.write(`${output === "json" ? JSON.stringify(versions) : text}\n`);
    });
}
