import { describe, expect, test } from "@jest/globals";
import { helpText, parseCommandLine } from "../../../bench/commandLine.ts";
import { PARTS } from "../../../bench/parts/parts.ts";

const KNOWN = ["check", "latency", "start"];
const DEFAULTS = { quick: false, parts: KNOWN };

describe("the command line of the benchmarks", () => {
  const cases: Record<string, [readonly string[], object]> = {
    "runs all parts without a name": [[], { kind: "run", options: DEFAULTS }],
    "runs named parts in the suite's order": [
      ["start", "check"],
      { kind: "run", options: { ...DEFAULTS, parts: ["check", "start"] } },
    ],
    "has a quick run, a file and a transport": [
      ["--quick", "--json", "a.json", "--transport", "http2"],
      { kind: "run", options: { ...DEFAULTS, quick: true, json: "a.json", transport: "http2" } },
    ],
    "has a number of Applications": [
      ["start", "--count", "100000"],
      { kind: "run", options: { quick: false, count: 100_000, parts: ["start"] } },
    ],
    "has a checkout to measure beside": [
      ["start", "--against", "../before"],
      { kind: "run", options: { quick: false, against: "../before", parts: ["start"] } },
    ],
    "denies a number of Applications that is not a number": [
      ["--count", "many"],
      { kind: "wrong", problem: "--count many is not a whole number above 0." },
    ],
    "prints help beside anything else": [["--help", "check"], { kind: "help" }],
    "denies a part that there is not, and names those that there are": [
      ["chekc"],
      { kind: "wrong", problem: "There is no part chekc; the parts are check, latency, start." },
    ],
    "denies an unknown option": [["--fast"], { kind: "wrong", problem: expect.stringContaining("--fast") }],
    "denies an option without its value": [
      ["--json"],
      { kind: "wrong", problem: expect.stringContaining("--json") },
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [args, expected]) => {
    expect(parseCommandLine(args, KNOWN)).toEqual(expected);
  });
});

test("the help names every part and every option", () => {
  const help = helpText(PARTS);
  for (const word of [
    ...PARTS.map(({ name }) => name),
    "--quick",
    "--count",
    "--json",
    "--against",
    "--transport",
    "--help",
  ])
    expect(help).toContain(word);
});
