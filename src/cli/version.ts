import { readFileSync } from "node:fs";
import { Command, Option } from "commander";

/** The package's version; package.json lies two folders above, in the sources as in the build. */
export function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return String(JSON.parse(text).version);
}

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
