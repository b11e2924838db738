import { type FigureBook, medianRatio, shareOf } from "./figures.ts";

/** A value that a goal is about, and what has to be known to read it. */
interface Reading {
  readonly value: number;
  readonly note?: string;
}

/** A promise about performance. */
export interface Goal {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly better: "more" | "less";
  /** The project does not release below it. */
  readonly must: number;
  /** What it works towards. */
  readonly aim: number;
  /** The part that measures it. */
  readonly part: string;
  read(book: FigureBook): Reading | undefined;
}

export type Verdict = "meets the aim" | "pass" | "falls short" | "not measured";

export interface JudgedGoal {
  readonly id: string;
  readonly what: string;
  readonly unit: string;
  readonly must: number;
  readonly aim: number;
  readonly value?: number;
  readonly note?: string;
  readonly verdict: Verdict;
}

/** Judges the goals whose part ran. */
export function judge(goals: readonly Goal[], book: FigureBook): readonly JudgedGoal[] {
  return goals.map((goal) => {
    const { id, what, unit, must, aim } = goal;
    const reading = goal.read(book);
    return { id, what, unit, must, aim, ...reading, verdict: verdictOf(goal, reading?.value) };
  });
}

export function verdictOf(goal: Pick<Goal, "better" | "must" | "aim">, value: number | undefined): Verdict {
  if (value === undefined || Number.isNaN(value)) return "not measured";
  const reaches = (bound: number) => (goal.better === "more" ? value >= bound : value <= bound);
  if (reaches(goal.aim)) return "meets the aim";
  return reaches(goal.must) ? "pass" : "falls short";
}

type Row = readonly [id: string, what: string, must: number, aim: number];

/** A share of the reference's throughput. */
function share([id, what, must, aim]: Row, part: string, name: string, base: string): Goal {
  return {
    ...{ id, what, unit: "", better: "more", must, aim, part },
    read: (book) => {
      const found = shareOf(book, name, base);
      if (!found) return undefined;
      const other =
        found.basis === "throughput"
          ? `by CPU ${found.byCpu.toFixed(2)}`
          : `by throughput ${found.byThroughput.toFixed(2)}`;
      return { value: found.value, note: `by ${found.basis}; ${other}` };
    },
  };
}

/**
 * A share of its own throughput with 10 Applications: with 100,000 or, in a quick run, with 10,000. The note has the share where 10 of the
 * 100,000 call, as in the world of 10.
 */
function flat(row: Row, program: string): Goal {
  const full = share(row, "scale", `${program} / 100000`, `${program} / 10`);
  const few = share(row, "scale", `${program} / 100000, 10 callers`, `${program} / 10`);
  const quick = share(row, "scale", `${program} / 10000`, `${program} / 10`);
  const read = (book: FigureBook): Reading | undefined => {
    const found = full.read(book);
    const alike = few.read(book);
    if (found && alike)
      return { ...found, note: `${found.note}; where 10 of them call ${alike.value.toFixed(2)}` };
    if (found) return found;
    const smaller = quick.read(book);
    return smaller && { ...smaller, note: `with 10,000; ${smaller.note}` };
  };
  return { ...full, read };
}

/** One figure over another, by the rounds' ratios; less is better. */
function times([id, what, must, aim]: Row, part: string, name: string, base: string): Goal {
  return {
    ...{ id, what, unit: "×", better: "less", must, aim, part },
    read: (book) => reading(medianRatio(book, name, base), book.noteOf(name)),
  };
}

/** The median of one figure; less is better. */
function most([id, what, must, aim]: Row, unit: string, part: string, name: string): Goal {
  return {
    ...{ id, what, unit, better: "less", must, aim, part },
    read: (book) => reading(book.median(name), book.noteOf(name)),
  };
}

function reading(value: number | undefined, note: string | undefined): Reading | undefined {
  return value === undefined ? undefined : { value, ...(note === undefined ? {} : { note }) };
}

const JSON_KIND = "POST 1 KiB JSON";
const beside = (kind: string, transport = "default") =>
  ["check", `check / ${kind} / ${transport}`, `check / ${kind} / reference`] as const;

const besideTencent = (kind: string, scheme: string) =>
  ["schemes", `schemes / ${kind} / ${scheme}`, `schemes / ${kind} / Tencent`] as const;

/** What the suite judges. "Of the reference" is a share of its throughput in the same run. */
export const GOALS: readonly Goal[] = [
  share(["G1", "GET, default transport, of the reference", 0.5, 0.65], ...beside("GET")),
  share(["G1b", "GET, transport grpc-js, of the reference", 0.35, 0.42], ...beside("GET", "grpc-js")),
  share(["G2a", "POST of 1 KiB JSON, of the reference", 0.45, 0.6], ...beside(JSON_KIND)),
  share(["G2b", "POST of a form, of the reference", 0.45, 0.6], ...beside("POST form")),
  flat(["G3a", "verifier with 100,000 Applications, of itself with 10", 0.95, 0.98], "scale / verifier"),
  flat(["G3b", "standalone with 100,000 Applications, of itself with 10", 0.95, 0.98], "scale / standalone"),
  times(
    ["G4a", "CPU of an unknown key, of a good request", 0.8, 0.6],
    "refusals",
    "refusals / unknown key / CPU per call",
    "refusals / good / CPU per call",
  ),
  times(
    ["G4b", "CPU of the most hostile wrong signature, of a good request", 12, 8],
    "refusals",
    "refusals / hostile / CPU per call",
    "refusals / good / CPU per call",
  ),
  times(
    ["G5a", "p99 at 1,000/s, of the reference", 3, 1.5],
    "latency",
    "latency / 1000 / default / p99",
    "latency / 1000 / reference / p99",
  ),
  times(
    ["G5b", "p99 at 5,000/s, of the reference", 5, 2],
    "latency",
    "latency / 5000 / default / p99",
    "latency / 5000 / reference / p99",
  ),
  {
    ...{
      id: "G6",
      what: "rate through Envoy, of the reference behind the same Envoy",
      unit: "",
      better: "more",
    },
    ...{ must: 0.8, aim: 0.95, part: "envoy" },
    read: (book) =>
      reading(medianRatio(book, "envoy / default / rate", "envoy / reference / rate"), undefined),
  },
  share(["G7a", "POST of 1 MiB JSON, of the reference", 0.85, 1], ...beside("POST 1 MiB JSON")),
  most(
    ["G7b", "p99 of small requests beside bodies of 16 MiB", 10, 5],
    "ms",
    "latency",
    "latency / beside 16 MiB / default / p99",
  ),
  most(
    ["G8a", "from the API server's answer to the edit of a grant until the verdict changes, p50", 20, 12],
    "ms",
    "propagation",
    "propagation / answered to verdict / p50",
  ),
  most(
    ["G8b", "from the API server's answer to the edit of a grant until the verdict changes, p99", 70, 40],
    "ms",
    "propagation",
    "propagation / answered to verdict / p99",
  ),
  most(
    ["G9a", "memory of a verifier with 10,000 Applications", 150, 120],
    "MiB",
    "memory",
    "memory / verifier / after load",
  ),
  most(
    ["G9b", "memory of standalone with 10,000 Applications", 250, 160],
    "MiB",
    "memory",
    "memory / standalone / after load",
  ),
  most(
    ["G9c", "memory of the operator with 10,000 Applications", 250, 180],
    "MiB",
    "operator",
    "operator / memory",
  ),
  most(["G10a", "start of a verifier with 10,000 Applications", 0.6, 0.4], "s", "start", "start / verifier"),
  most(
    ["G10b", "first start of standalone with 10,000 Applications", 6, 3],
    "s",
    "start",
    "start / standalone / first",
  ),
  most(
    ["G10c", "second start of standalone with 10,000 Applications", 2, 1],
    "s",
    "start",
    "start / standalone / second",
  ),
  most(
    ["G10d", "first start of standalone with 100,000 Applications", 60, 30],
    "s",
    "start",
    "start / standalone / first at 100000",
  ),
  share(["G13a", "AlibabaCA, GET, of Tencent", 0.8, 0.95], ...besideTencent("GET", "AlibabaCA")),
  share(
    ["G13b", "AlibabaCA, POST of 1 KiB JSON, of Tencent", 0.8, 0.95],
    ...besideTencent(JSON_KIND, "AlibabaCA"),
  ),
  share(
    ["G13c", "HTTP message signatures by hmac-sha256, GET, of Tencent", 0.8, 0.95],
    ...besideTencent("GET", "HTTPMessageSignatures hmac-sha256"),
  ),
  share(
    ["G13d", "HTTP message signatures by hmac-sha256, POST of 1 KiB JSON, of Tencent", 0.8, 0.95],
    ...besideTencent(JSON_KIND, "HTTPMessageSignatures hmac-sha256"),
  ),
  share(
    ["G14a", "Tencent among Applications of all schemes, GET, of Tencent alone", 0.97, 1],
    ...(["schemes", "schemes / GET / among all schemes", "schemes / GET / alone"] as const),
  ),
  share(
    ["G14b", "Tencent alone, GET, of an earlier build (--against)", 0.97, 1],
    "schemes",
    "schemes / GET / alone",
    "schemes / GET / alone, earlier build",
  ),
  {
    ...{ id: "G15", what: "cost of a nonce in a Redis server on the same machine, p50", unit: "µs" },
    ...{ better: "less", must: 150, aim: 75, part: "schemes" },
    read: (book) => {
      const claimed = book.median("schemes / nonce / claimed / p50");
      const ignored = book.median("schemes / nonce / ignored / p50");
      return claimed === undefined || ignored === undefined ? undefined : { value: claimed - ignored };
    },
  },
  most(
    ["G11", "10,000 Applications created at once until all are Ready", 30, 18],
    "s",
    "operator",
    "operator / all Ready",
  ),
  most(
    ["G12", "core used by idle standalone with 100,000 Applications", 0.02, 0.01],
    "",
    "start",
    "start / standalone / idle at 100000",
  ),
];
