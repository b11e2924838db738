import { median, ratios } from "./statistics.ts";

/** What was measured: a value for each round. */
export interface Figure {
  /** Words separated by " / ", from the part to the quantity: `check / GET / reference / rate`. */
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
  /** How it differs from its name, such as a smaller size in a quick run. */
  readonly note?: string;
}

/** A latency distribution: pairs of a quantile and milliseconds. */
export type Distribution = readonly (readonly [quantile: number, ms: number])[];

/** A server on its core that used less of it than this was kept from it, by other programs or for lack of load. */
const WHOLE_CORE = 0.9;

/** The figures of a run by name, in the order in which they were first recorded. */
export class FigureBook {
  readonly #figures = new Map<string, { unit: string; values: number[]; note?: string }>();
  readonly #rounds = new Map<string, Distribution[]>();

  /** Adds one round's value. */
  add(name: string, unit: string, value: number): void {
    const known = this.#figures.get(name);
    if (known) known.values.push(value);
    else this.#figures.set(name, { unit, values: [value] });
  }

  /** Adds one round's latencies; the distribution that is kept has the median of each quantile. */
  addDistribution(name: string, round: Distribution): void {
    const rounds = this.#rounds.get(name) ?? [];
    rounds.push(round);
    this.#rounds.set(name, rounds);
  }

  /** The distributions by name. */
  distributions(): Readonly<Record<string, Distribution>> {
    return Object.fromEntries([...this.#rounds].map(([name, rounds]) => [name, medianOf(rounds)]));
  }

  note(name: string, note: string): void {
    const known = this.#figures.get(name);
    if (known) known.note = note;
  }

  noteOf(name: string): string | undefined {
    return this.#figures.get(name)?.note;
  }

  values(name: string): readonly number[] {
    return this.#figures.get(name)?.values ?? [];
  }

  /** The median over the rounds, or undefined where nothing was measured. */
  median(name: string): number | undefined {
    const values = this.values(name);
    return values.length === 0 ? undefined : median(values);
  }

  list(): readonly Figure[] {
    return [...this.#figures].map(([name, figure]) => ({ name, ...figure }));
  }
}

function medianOf(rounds: readonly Distribution[]): Distribution {
  return (rounds[0] ?? []).map(([quantile], at) => [
    quantile,
    median(rounds.map((round) => round[at]?.[1] ?? Number.NaN)),
  ]);
}

/** How much of another server's throughput one has, by what, and the values of both measures. */
export interface Share {
  readonly value: number;
  readonly basis: "throughput" | "CPU per call";
  readonly byThroughput: number;
  readonly byCpu: number;
}

/**
 * Compares two servers that ran in turn, each on the same core. Throughput decides where both had the whole core in the median round,
 * else the CPU time of a call, which other programs on the machine hardly change.
 */
export function shareOf(book: FigureBook, name: string, base: string): Share | undefined {
  const byThroughput = medianRatio(book, `${name} / rate`, `${base} / rate`);
  const byCpu = medianRatio(book, `${base} / CPU per call`, `${name} / CPU per call`);
  if (byThroughput === undefined || byCpu === undefined) return undefined;
  const used = [name, base].map((server) => book.median(`${server} / core used`) ?? 0);
  const basis = used.every((share) => share >= WHOLE_CORE) ? "throughput" : "CPU per call";
  return { value: basis === "throughput" ? byThroughput : byCpu, basis, byThroughput, byCpu };
}

/** The median of the rounds' ratios. */
export function medianRatio(book: FigureBook, name: string, base: string): number | undefined {
  const each = ratios(book.values(name), book.values(base));
  return each.length === 0 ? undefined : median(each);
}
