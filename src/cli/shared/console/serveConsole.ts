import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readAssets } from "../../../console/server/assets.ts";
import { type RunningConsole, startServer } from "../../../console/server/startServer.ts";
import type { ConsoleSource } from "../../../console/source.ts";
import { CliFailure, USAGE } from "../failure.ts";
import { packageVersion } from "../packageVersion.ts";

/** Flags of every console. */
export interface ServeFlags {
  /** 0 for a port that the system picks. */
  readonly port: number;
  /** Whether to open the browser. */
  readonly open: boolean;
}

/** Starts the server of a console, prints its link, and opens the browser. Throws ListenFailure and CliFailure. */
export async function serveConsole(
  source: ConsoleSource,
  { port, open }: ServeFlags,
): Promise<RunningConsole> {
  const console = await startServer(source, {
    port,
    assets: readAssets(assetsFolder()),
    version: packageVersion(),
    random: randomBytes,
    now: Date.now,
  });
  process.stdout.write(`console      ${console.url}\n`);
  if (open) openBrowser(console.url);
  return console;
}

/** Beside the bundle; a run from the checkout uses what the last build made. */
function assetsFolder(): string {
  const folders = ["../console/", "../../../../dist/console/"].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const found = folders.find((folder) => existsSync(`${folder}index.html`));
  if (found === undefined)
    throw new CliFailure(
      "the console's pages are missing: run npm run build, or install the package again",
      USAGE,
    );
  return found;
}

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Best effort: the link is printed anyway. Another process can see the link while the opener runs, which is why it works once. */
function openBrowser(url: string): void {
  const [command = "xdg-open", ...args] = OPENERS[process.platform] ?? [];
  const child = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  child.on("error", () =>
    process.stderr.write("countersign: no browser could be opened: open the link above\n"),
  );
  child.unref();
}
