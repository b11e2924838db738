/** The folders that each folder of src may import from, beside itself. What is not listed may import nothing. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  base: [],
  api: ["base"],
  projection: ["base", "api"],
  signing: ["base", "api"],
  policy: ["base", "api", "projection", "signing"],
  import: ["base", "api"],
  store: ["base", "api", "projection"],
  operator: ["base", "api", "projection", "policy", "store", "observe"],
  verifier: ["base", "api", "projection", "policy", "signing", "store", "observe"],
  access: ["base", "api", "projection", "policy", "signing", "operator"],
  observe: ["base", "api"],
  doctor: ["base", "api", "signing", "store", "observe"],
  console: ["base", "api", "projection", "signing", "policy", "store", "observe", "access"],
  cli: [
    "console",
    "base",
    "api",
    "projection",
    "signing",
    "policy",
    "store",
    "operator",
    "verifier",
    "observe",
    "doctor",
    "access",
    "import",
  ],
};

/** Folders without I/O, clock and randomness. They may keep state in memory, such as caches. */
const PURE: readonly string[] = ["base", "api", "projection", "signing", "policy", "access", "import"];

/** The one file of a pure folder that reads the system clock. The other pure folders may not import it. */
const CLOCK = "base/clock.ts";

/** Node's modules that a pure folder may use; node:crypto only for digests, never for randomness. */
const PURE_NODE_MODULES = ["node:crypto", "node:util", "node:buffer"];

/** The packages that a pure folder may use: they only compute. Any other might bring the network or files in. */
const PURE_PACKAGES = ["ajv", "@marcbachmann/cel-js", "structured-headers"];

/** The file that puts all commands together: beside the command itself the only one that may import a command. */
const PROGRAM = "cli/program.ts";
/** The one module of src/signing that other folders import: what lies behind it is the scheme's own. */
const SCHEME = "signing/scheme.ts";
const COMMAND = /^\/src\/(cli\/commands\/[^/]+\/)/;

/** What reaches for the clock or for randomness, as source text. */
const IMPURE =
  /\bDate\.now\b|\bnew Date(?:\(\)|\s*;)|\b(?:Math\.random|performance|process)\b\s*[.(]|\b(?:setTimeout|setInterval|setImmediate|fetch|randomBytes|randomUUID|randomInt|randomFill|getRandomValues)\b/;

/** What is wrong with one source file of src; `path` is relative to src. */
export function violations(path: string, source: string): readonly string[] {
  const folder = path.split("/")[0] ?? "";
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
  const imports = [
    ...source.matchAll(/^(?:import|export)\b[^;"]*?from "([^"]+)"|^import "([^"]+)"|\bimport\("([^"]+)"\)/gm),
  ];
  const problems = imports.flatMap(([, a, b, c]) => importProblems(path, folder, a ?? b ?? c ?? ""));
  if (/^export default\b/m.test(code)) problems.push(`${path}: has a default export`);
  const impure = PURE.includes(folder) && path !== CLOCK ? IMPURE.exec(code) : null;
  if (impure) problems.push(`${path}: ${impure[0]} in a pure folder`);
  return problems;
}

function importProblems(path: string, folder: string, specifier: string): string[] {
  if (specifier.startsWith(".")) return relativeProblems(path, folder, specifier);
  const isPure = [...PURE_NODE_MODULES, ...PURE_PACKAGES].includes(specifier);
  return PURE.includes(folder) && !isPure ? [`${path}: imports ${specifier} in a pure folder`] : [];
}

function relativeProblems(path: string, folder: string, specifier: string): string[] {
  const target = new URL(specifier, `file:///src/${path}`).pathname;
  if (folder === "cli" && target === "/package.json") return [];
  if (!target.startsWith("/src/")) return [`${path}: imports ${specifier}, which is outside src`];
  if (target === `/src/${CLOCK}` && PURE.includes(folder))
    return [`${path}: imports the clock in a pure folder`];
  const command = COMMAND.exec(target)?.[1];
  if (command !== undefined && path !== PROGRAM && !path.startsWith(command))
    return [`${path}: imports ${command}: what several commands need belongs to cli/shared`];
  const other = target.split("/")[2] ?? "";
  if (other === "signing" && folder !== other && target !== `/src/${SCHEME}`)
    return [`${path}: imports ${specifier}: of signing only ${SCHEME} is public`];
  const allowed = other === folder || (ALLOWED[folder] ?? []).includes(other);
  return allowed ? [] : [`${path}: ${folder} may not import ${other}`];
}
