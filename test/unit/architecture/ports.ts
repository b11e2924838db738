/** The one file that may bind a port, close it, and hand out its number: it keeps the port held. */
const HOLDER = "test/support/ports.ts";

/** Names of helpers that promise a free port without reserving it, and of such packages. */
const PROMISES =
  /\b(?:(?:get|find|pick|choose)(?:Free|Open|Unused|Available|Random)?|free|unused|available|random)Ports?\b|"(?:get-port|portfinder|detect-port|get-port-please)"/;

const REMEDY =
  "another process can take the port meanwhile: let the system pick it while binding (port 0), or use reservePort()";

/**
 * Where one source file chooses a port in one step and lets it be bound in a later one. `path` is relative to the project. It reads
 * text, so it finds the usual spellings: a function that listens, closes, and returns the port or resolves with it.
 */
export function portProblems(path: string, source: string): readonly string[] {
  if (path === HOLDER) return [];
  const code = withoutComments(source);
  const promise = PROMISES.exec(code)?.[0];
  const fixed = /\blisten\(\s*[1-9][\d_]*\b/.exec(code)?.[0];
  const isLetGo = [...code.matchAll(/\blisten\(/g)].some(({ index }) => letsGo(blockAround(code, index)));
  return [
    ...(promise ? [`${path}: ${promise}: ${REMEDY}`] : []),
    ...(fixed ? [`${path}: ${fixed}: a fixed port may be taken: ${REMEDY}`] : []),
    ...(isLetGo ? [`${path}: returns the port of a server that it has closed: ${REMEDY}`] : []),
  ];
}

/** Whether the block hands the port on behind the close of its server, or closes it in `finally`. */
function letsGo(block: string): boolean {
  const handsOn = String.raw`\b(?:return\b|(?:resolve|done|callback|cb)\w*\()[^;]*port`;
  const after = new RegExp(String.raw`\bclose\([\s\S]*?${handsOn}`, "i");
  const inFinally = new RegExp(String.raw`${handsOn}[\s\S]*\bfinally\s*\{[^}]*\bclose\(`, "i");
  return after.test(block) || inFinally.test(block);
}

/** The outermost braces around the place that are no class, and no suite of tests. */
function blockAround(code: string, place: number): string {
  let depth = 0;
  let start: number | undefined;
  for (let at = place; at >= 0; at--) {
    if (code[at] === "}") depth += 1;
    if (code[at] !== "{" || depth-- > 0) continue;
    depth = 0;
    if (/\b(?:class|describe)\b[^{};]*$/.test(code.slice(0, at))) break;
    start = at;
  }
  return start === undefined ? code : code.slice(start, endOf(code, start));
}

function endOf(code: string, start: number): number {
  let depth = 0;
  for (let at = start; at < code.length; at++) {
    if (code[at] === "{") depth += 1;
    if (code[at] === "}" && --depth === 0) return at;
  }
  return code.length;
}

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, "");
}
