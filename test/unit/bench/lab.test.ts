import { describe, expect, test } from "@jest/globals";
import { listedCores, pinned } from "../../../bench/lab/cores.ts";
import { interleave, transportsIn } from "../../../bench/lab/lab.ts";
import { cpuSecondsIn, rssMiBIn } from "../../../bench/lab/processFigures.ts";
import { servedIn, sumOf } from "../../../bench/lab/runningOperator.ts";

test("a list of cores is read as Linux writes it", () => {
  expect(listedCores("0-2,5")).toEqual([0, 1, 2, 5]);
  expect(listedCores("7")).toEqual([7]);
  expect(listedCores("")).toEqual([]);
});

test("a program is pinned to a core by taskset, and runs as it is where none is given", () => {
  expect(pinned(1, "node", ["a.ts"])).toEqual(["taskset", "-c", "1", "node", "a.ts"]);
  expect(pinned(undefined, "node", ["a.ts"])).toEqual(["node", "a.ts"]);
});

test("CPU time is user and system time, behind a program's name that may hold anything", () => {
  expect(cpuSecondsIn("7 (a) b) S 1 7 7 0 -1 0 0 0 0 0 150 50 9 9 20 0 1")).toBe(2);
  expect(cpuSecondsIn("")).toBe(0);
});

test("resident memory is read in MiB", () => {
  expect(rssMiBIn("VmHWM:\t  9000 kB\nVmRSS:\t  2048 kB\n")).toBe(2);
  expect(rssMiBIn("")).toBe(0);
});

describe("the transports of a verifier", () => {
  const help = (text: string) =>
    `Options:\n  --drain <duration>   how long\n${text}  -h, --help           help\n`;
  const cases: Record<string, [string, readonly string[]]> = {
    "are the choices in its help, the default first": [
      help(
        '  --transport <library>  what speaks gRPC with Envoy (choices:\n                       "grpc-js", "http2", default:\n                       "http2")\n',
      ),
      ["http2", "grpc-js"],
    ],
    "are one without a name where there is no such option": [help(""), [""]],
  };
  test.each(Object.entries(cases))("%s", (_, [text, expected]) => {
    expect(transportsIn(text)).toEqual(expected);
  });
});

test("variants are measured in turn, round by round", async () => {
  const order: string[] = [];
  await interleave(2, ["A", "B"], async (variant, round) => order.push(`${variant}${round}`));
  expect(order).toEqual(["A0", "B0", "A1", "B1"]);
});

test("the series of a metric are added up, without its comments", () => {
  const text = `# HELP calls_total Calls.
calls_total{verb="GET",path="/a b"} 5
calls_total{verb="POST"} 7
other_total 100
`;
  expect(sumOf(text, (series) => series.startsWith("calls_total"))).toBe(12);
});

test("requests for our objects and Secrets are counted as writes and reads, without lists, watches and other resources", () => {
  const series = (resource: string, verb: string, count: number) =>
    `apiserver_request_total{code="200",group="",resource="${resource}",scope="resource",subresource="",verb="${verb}",version="v1"} ${count}\n`;
  const text = [
    series("applications", "POST", 1),
    series("applications", "PUT", 2),
    series("secrets", "POST", 4),
    series("apidomains", "APPLY", 8),
    series("secrets", "GET", 16),
    series("secrets", "LIST", 32),
    series("applications", "WATCH", 64),
    series("leases", "PUT", 128),
  ].join("");
  expect(servedIn(text)).toEqual({ writes: 15, reads: 16 });
});
