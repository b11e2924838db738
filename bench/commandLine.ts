import { parseArgs } from "node:util";

export interface BenchOptions {
  readonly quick: boolean;
  /** Names of parts, in the order in which they run. */
  readonly parts: readonly string[];
  /** How many Applications the part `operator` creates, instead of 10,000. */
  readonly count?: number;
  /** Where the JSON of the run goes. */
  readonly json?: string;
  /** A checkout of an earlier commit, beside which the part `schemes` measures this one. */
  readonly against?: string;
  /** Run verifiers and standalone with this transport alone. */
  readonly transport?: string;
}

export type CommandLine =
  | { readonly kind: "run"; readonly options: BenchOptions }
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly problem: string };

const OPTIONS = {
  quick: { type: "boolean" },
  count: { type: "string" },
  json: { type: "string" },
  against: { type: "string" },
  transport: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** Reads the arguments of `npm run bench --`; without a part's name all of `known` run. */
export function parseCommandLine(args: readonly string[], known: readonly string[]): CommandLine {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    if (values.help) return { kind: "help" };
    const unknown = positionals.filter((name) => !known.includes(name));
    if (unknown.length > 0)
      return {
        kind: "wrong",
        problem: `There is no part ${unknown.join(", ")}; the parts are ${known.join(", ")}.`,
      };
    const count = values.count === undefined ? undefined : Number(values.count);
    if (count !== undefined && !(Number.isInteger(count) && count > 0))
      return { kind: "wrong", problem: `--count ${values.count} is not a whole number above 0.` };
    return {
      kind: "run",
      options: {
        quick: values.quick ?? false,
        parts: known.filter((name) => positionals.length === 0 || positionals.includes(name)),
        ...(count === undefined ? {} : { count }),
        ...(values.json === undefined ? {} : { json: values.json }),
        ...(values.against === undefined ? {} : { against: values.against }),
        ...(values.transport === undefined ? {} : { transport: values.transport }),
      },
    };
  } catch (error) {
    return { kind: "wrong", problem: error instanceof Error ? error.message : String(error) };
  }
}

export function helpText(parts: readonly { readonly name: string; readonly summary: string }[]): string {
  const rows = parts.map(({ name, summary }) => `  ${name.padEnd(13)}${summary}`);
  return `Usage: npm run bench -- [options] [part...]

Measures Countersign on this machine beside bench/reference, the ext_authz server that a Go developer would write (grpc-go,
HMAC-SHA1, a map of callers), and judges the goals of docs/performance.md. Without a part's name, all of them run.

Parts:
${rows.join("\n")}

Options:
  --quick             one line per goal in under 4 minutes: short runs, and smaller sizes where a goal's own size takes longer (the
                      line notes it)
  --count N           so many Applications in the part operator, instead of 10,000
  --json FILE         write all figures, round by round, to FILE; docs/performance.md is made from such a file
  --against DIR       measure this program beside that of another checkout, in which npm run build was run (part schemes)
  --transport NAME    run all with this transport (http2, grpc-js); without it, all with the default one, and GETs with the others too
  -h, --help          print this

It needs two cores, one for the server and one for the load (taskset pins them); on one core the figures mean little. Servers are
measured in turn (A B A B …), figures are medians of the rounds with their spread. Compare ratios, not figures: machines differ,
and are shared. Needs what npm test needs: Python 3 with pip (Envoy), and Go 1.26 (API server, reference, load generator).

Examples:
  $ npm run bench -- --quick
  $ npm run bench -- check latency
  $ npm run bench -- operator --count 100000
  $ npm run -s bench -- --json docs/performance.json && npm run generate

Exit status:
  0  It ran, whatever the verdicts on the goals.
  1  A part failed: a server could not be started, or a verdict was wrong. The other parts ran.
  2  The command line is wrong.
`;
}
