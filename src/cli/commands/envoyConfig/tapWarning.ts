import type { Address } from "../../../base/address.ts";
import { addressText } from "../../../base/address.ts";
import { TAP_RUNTIME_KEY, type TapOptions } from "./tapFilter.ts";

/** Prints the warning on standard error, and returns it as comments for the head of the file, which may reach other people. */
export function warnOfTap(tap: TapOptions, admin: Address): string {
  const lines = warning(tap, `http://${addressText(admin)}`);
  process.stderr.write(`warning: ${lines.join("\n")}\n`);
  return lines.map((line) => `# ${line}\n`).join("");
}

/** What a person must know before using the configuration; for the head of the file and for the terminal. */
function warning({ folder }: TapOptions, adminUrl: string): readonly string[] {
  return [
    `This configuration records every request below ${folder}, for \`countersign replay\`.`,
    "The files contain Authorization headers, cookies and whole bodies, in plain text. A signature can be used again",
    "until its date leaves the window of 15 minutes. Envoy creates the files readable for all users, so the folder must not be:",
    `  install -d -m 0700 -o <user of Envoy> ${folder}`,
    "Each request becomes a file: about 2 KiB for its headers, and 4/3 of its body. Envoy deletes no file, and continues to serve",
    "requests when the disk is full: watch its space. 100 requests per second without bodies are 8.6 million files a day, which take",
    "33 GiB on a file system with blocks of 4 KiB.",
    "Record 1 % of the requests, and stop, without a restart:",
    `  curl -X POST '${adminUrl}/runtime_modify?${TAP_RUNTIME_KEY}=1'`,
    `  curl -X POST '${adminUrl}/runtime_modify?${TAP_RUNTIME_KEY}=0'`,
    "Delete the files when replay has read them.",
  ];
}
