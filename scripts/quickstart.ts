import { request } from "node:http";
import { parseArgs } from "node:util";
import { findEnvoy } from "../test/parts/envoy.ts";
import { Program } from "../test/support/childProcess.ts";
import { type EnvoyProcess, startEnvoy } from "../test/support/envoyProcess.ts";
import { startUpstream } from "../test/support/upstream.ts";

/**
 * The README's first command: a demo upstream, Envoy and `standalone` over examples/quickstart, and three requests
 * through them, all by the product's own commands. `--once` ends after them, with status 0 when all went as they should.
 */
const ROOT = new URL("..", import.meta.url).pathname;
const HOST = "api.shop.example.com";
const { values: flags } = parseArgs({
  options: { once: { type: "boolean" }, "state-dir": { type: "string", default: ".countersign" } },
});
const cleanups: (() => Promise<unknown>)[] = [];
const interrupted = new Promise<void>((resolve) => {
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => resolve());
});

process.exitCode = await quickstart()
  .catch((error: unknown) => {
    process.stderr.write(`quickstart: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  })
  .finally(cleanUp);

async function quickstart(): Promise<number> {
  const all = (async () => {
    await findEnvoy();
    const { envoy, port, lines } = await startAll();
    print(`Envoy ${await versionOf(envoy)}`, "ready on", `127.0.0.1:${port}`);
    // The Application first: who calls, then what may be called.
    for (const line of lines.sort().reverse()) process.stdout.write(`${line}\n`);
    const isWell = await showThree(port);
    process.stdout.write(`Paste this:  ${await signed(port, ["--curl"])}\n`);
    return isWell ? 0 : 1;
  })();
  const status = await Promise.race([all, interrupted.then(() => 130)]);
  if (!flags.once && status === 0) {
    process.stdout.write(
      "It stays valid for 15 minutes. Edit examples/quickstart/*.yaml and paste it again; Ctrl-C ends everything.\n",
    );
    await interrupted;
  }
  return status;
}

/** Standalone first, since Envoy's configuration names its port. */
async function startAll() {
  const upstream = await startUpstream();
  cleanups.push(() => upstream.stop());
  const anyPort = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
  const standalone = countersign([
    "standalone",
    "examples/quickstart",
    ...anyPort,
    "--state-dir",
    flags["state-dir"],
  ]);
  cleanups.push(() => standalone.stop());
  const verifier = await addressOf(standalone);
  const lines = standalone.stdout
    .split("\n")
    .filter((line) => / team-shop\/(mobile-app|partners) /.test(line));
  const config = await output([
    ...["envoy-config", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--verifier", verifier],
    ...["--upstream", `http://127.0.0.1:${upstream.port}`, "--resources", "examples/quickstart"],
  ]);
  const envoy = await startEnvoy(config);
  cleanups.push(() => envoy.stop());
  return { envoy, port: await envoy.listenerPort("in"), lines };
}

/** The gRPC address of `standalone`, once it is ready. Fails with its own sentence where it has one. */
async function addressOf(standalone: Program): Promise<string> {
  try {
    const [, address = ""] = await standalone.waitFor(/^ready +gRPC (\S+)/m, 60_000);
    return address;
  } catch (error) {
    const sentence = /^countersign: (.+)$/m.exec(standalone.output)?.[1];
    throw sentence === undefined ? error : new Error(sentence);
  }
}

async function showThree(port: number): Promise<boolean> {
  const headers = JSON.parse(await signed(port, ["-o", "json"]));
  const other = JSON.parse(await signed(port, ["-o", "json"], "/refunds"));
  const first = await send(port, "/orders", headers);
  const identity = JSON.parse(first.body)?.headers?.["x-countersign-application-id"] ?? "";
  const second = await send(port, "/orderz", headers);
  const third = await send(port, "/refunds", other);
  print(
    "1  signed by `countersign sign`",
    String(first.status),
    `upstream saw x-countersign-application-id: ${identity}`,
  );
  print("2  the same, one byte changed", String(second.status), messageOf(second.body));
  print("3  an API that is not granted", String(third.status), messageOf(third.body));
  return first.status === 200 && identity !== "" && second.status === 401 && third.status === 403;
}

function signed(port: number, how: readonly string[], path = "/orders"): Promise<string> {
  const credentials = `${flags["state-dir"]}/credentials/team-shop/mobile-app-credentials.yaml`;
  const host = ["-H", `Host: ${HOST}`];
  return output(["sign", "--credentials", credentials, ...host, ...how, `http://127.0.0.1:${port}${path}`]);
}

function countersign(args: readonly string[]): Program {
  return new Program(process.execPath, ["src/cli/main.ts", ...args], {
    cwd: ROOT,
    name: `countersign ${args[0]}`,
  });
}

async function output(args: readonly string[]): Promise<string> {
  const program = countersign(args);
  const status = await program.ended;
  if (status !== 0) throw new Error(`countersign ${args.join(" ")} ended with ${status}:\n${program.output}`);
  return program.stdout.trimEnd();
}

function send(
  port: number,
  path: string,
  headers: Record<string, string>,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, headers, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => {
        body += text;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

async function versionOf(envoy: EnvoyProcess): Promise<string> {
  const info = (await (await fetch(`${envoy.adminUrl}/server_info`)).json()) as { version: string };
  return info.version.split("/")[1] ?? info.version;
}

/** The first line of the response that the caller received. */
function messageOf(body: string): string {
  const message = String(JSON.parse(body).message);
  return message.length > 60 ? `${message.slice(0, 59)}…` : message;
}

function print(what: string, status: string, detail: string): void {
  const middle = status.includes(" ") ? `${status} ` : status.padEnd(8);
  process.stdout.write(`${what.padEnd(38)}${middle}${detail}\n`);
}

async function cleanUp(): Promise<void> {
  for (const end of cleanups.reverse()) await end().catch(() => {});
}
