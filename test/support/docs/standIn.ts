import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { Program } from "../childProcess.ts";

/**
 * What a page's commands find on their PATH instead of programs that would change the machine, never end, or need what is not
 * there: the real program, asked in a way that changes nothing, or a look at whether what the command names exists.
 * `node standIn.ts NAME ARGS…`; the real programs are in the environment.
 */
const [name = "", ...args] = process.argv.slice(2);
const MAIN = process.env.DOCS_MAIN as string;

/** Commands of kubectl that change something. */
const CHANGES = new Set(["apply", "create", "delete", "label", "annotate", "patch", "scale", "replace"]);
const WHEN_UP = /"msg":"(?:listening|waiting for the leader Lease|ready)|Ready/;

const programs: Readonly<Record<string, () => Promise<number>>> = {
  kubectl: () => run(process.env.DOCS_KUBECTL as string, isChange() ? [...args, "--dry-run=server"] : args),
  countersign: () => countersign(args.map(atHome)),
  // kubectl runs it as its plugin: `kubectl countersign …`.
  "kubectl-countersign": () => countersign(args.map(atHome)),
  npm: () => npm(),
  envoy: () => run(process.env.DOCS_ENVOY as string, ["--mode", "validate", ...args]),
  helm: () => helm(),
  docker: async () => docker(),
};

const work = programs[name];
if (!work) throw new Error(`there is no stand-in for ${name}`);
process.exit(await work());

function isChange(): boolean {
  const verb = args.find((arg) => !arg.startsWith("-"));
  return CHANGES.has(verb ?? "") && !args.some((arg) => arg.startsWith("--dry-run"));
}

/** The addresses that pages name, as they are here: `{"9901": "41234"}`. */
function atHome(arg: string): string {
  const ports = JSON.parse(process.env.DOCS_PORTS ?? "{}") as Readonly<Record<string, string>>;
  return arg.replace(/^http:\/\/127\.0\.0\.1:(\d+)$/, (url, port) => url.replace(port, ports[port] ?? port));
}

/** Servers are ended as soon as they report that they are up, which they must, with status 0. */
async function countersign(given: readonly string[]): Promise<number> {
  if (!["operator", "verifier", "standalone"].includes(given[0] ?? "") || given.includes("--help"))
    return await run(process.execPath, [MAIN, ...given]);
  const program = new Program(process.execPath, [MAIN, ...onFreePorts(given)]);
  await program.waitFor(WHEN_UP, 60_000);
  const status = await program.stop("SIGTERM");
  if (status !== 0) process.stderr.write(program.output);
  return status === 0 ? 0 : 1;
}

function onFreePorts(given: readonly string[]): readonly string[] {
  const listens = given.flatMap((arg, index) =>
    /^--(metrics-)?listen$/.test(arg) ? [index, index + 1] : [],
  );
  const rest = given.filter((_, index) => !listens.includes(index));
  const grpc = given[0] === "operator" ? [] : ["--listen", "127.0.0.1:0"];
  return [...rest, ...grpc, "--metrics-listen", "127.0.0.1:0"];
}

/** `npm run countersign -- …` is the program; other scripts must exist, and what is packed or installed must be ours. */
async function npm(): Promise<number> {
  const [verb = "", ...rest] = args.filter((arg) => arg !== "run" && arg !== "-s");
  if (verb === "countersign")
    return await countersign(rest.filter((arg, index) => index > 0 || arg !== "--"));
  const { name: own, scripts } = JSON.parse(readFileSync("package.json", "utf8")) as {
    name: string;
    scripts: Record<string, string>;
  };
  const isKnown =
    verb === "pack" || verb === "install"
      ? rest.every((arg) => arg.startsWith("-") || arg.startsWith(`${own}-`))
      : verb === "test" || verb in scripts;
  if (!isKnown)
    process.stderr.write(`package.json has no script ${verb}, or ${rest.join(" ")} is not ours\n`);
  return isKnown ? 0 : 1;
}

/** What is installed is rendered and checked against the chart's schema; the other commands must exist. */
async function helm(): Promise<number> {
  const [verb = "", ...rest] = args;
  if (verb !== "install" && verb !== "upgrade")
    return await run(process.env.DOCS_HELM as string, [verb, "--help"]);
  const rendered = rest.filter((arg) => !/^--(wait|install|atomic|create-namespace|reuse-values)$/.test(arg));
  return await run(process.env.DOCS_HELM as string, ["template", ...rendered], true);
}

/** Where no engine runs, it is enough that there is what would be built. */
function docker(): number {
  const isThere = args[0] === "build" && existsSync("Dockerfile");
  if (!isThere) process.stderr.write("only docker build of the Dockerfile can be looked at here\n");
  return isThere ? 0 : 1;
}

async function run(command: string, given: readonly string[], isQuiet = false): Promise<number> {
  const child = spawn(command, given, { stdio: ["inherit", isQuiet ? "ignore" : "inherit", "inherit"] });
  return await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
