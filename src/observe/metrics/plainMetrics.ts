import { Counter, type Histogram, type Registry } from "prom-client";

interface Options {
  readonly name: string;
  readonly help: string;
  readonly registry: Registry;
}

export interface LabelCounterOptions<Value extends string> extends Options {
  readonly label: string;
  /** These exist at 0 from the start. */
  readonly known: readonly Value[];
}

/**
 * Counts by one label, kept as plain numbers that a scrape reads. prom-client makes and hashes an object of labels for each
 * increment, which takes longer than some decisions.
 */
export class LabelCounter<Value extends string> {
  readonly #counts = new Map<Value, number>();

  constructor({ name, help, registry, label, known }: LabelCounterOptions<Value>) {
    for (const value of known) this.#counts.set(value, 0);
    const counts = this.#counts;
    new Counter({
      ...{ name, help, registers: [registry], labelNames: [label] },
      collect() {
        this.reset();
        for (const [value, count] of counts) this.inc({ [label]: value }, count);
      },
    });
  }

  inc(value: Value): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }
}

/** One series of a SeriesCounter. */
export interface Series {
  count: number;
}

/** Counts by several labels. Callers keep the series that they count in: a look-up for each increment takes longer. */
export class SeriesCounter {
  readonly #series = new Map<string, { readonly labels: Record<string, string>; readonly series: Series }>();
  readonly #labels: readonly string[];

  constructor({ name, help, registry, labels }: Options & { readonly labels: readonly string[] }) {
    this.#labels = labels;
    const all = this.#series;
    new Counter({
      ...{ name, help, registers: [registry], labelNames: [...labels] },
      collect() {
        this.reset();
        for (const { labels: values, series } of all.values()) this.inc(values, series.count);
      },
    });
  }

  /** The series of these values, in the order of the labels. It exists from then on. */
  series(...values: readonly string[]): Series {
    const key = JSON.stringify(values);
    const found = this.#series.get(key) ?? {
      labels: Object.fromEntries(this.#labels.map((label, at) => [label, values[at] ?? ""])),
      series: { count: 0 },
    };
    this.#series.set(key, found);
    return found.series;
  }
}

export interface HistogramOptions extends Options {
  /** Upper bounds in ascending order, without the infinite one. */
  readonly buckets: readonly number[];
}

/** A histogram without labels, kept as plain numbers that a scrape reads. */
export class PlainHistogram {
  readonly name: string;
  readonly help: string;
  readonly type = "histogram";
  readonly aggregator = "sum";
  readonly #bounds: readonly number[];
  /** How many values each bucket got that fit no smaller one; the last is for values above all bounds. */
  readonly #counts: number[];
  #sum = 0;

  constructor({ name, help, buckets, registry }: HistogramOptions) {
    this.name = name;
    this.help = help;
    this.#bounds = buckets;
    this.#counts = new Array(buckets.length + 1).fill(0);
    // A registry asks its metrics for what `get` returns, and for their names.
    registry.registerMetric(this as unknown as Histogram);
  }

  observe(value: number): void {
    let bucket = 0;
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] ?? 0)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += value;
  }

  /** For the registry: each bucket with all smaller values, then sum and count. */
  async get() {
    let below = 0;
    const values = [...this.#bounds, "+Inf" as const].map((le, at) => {
      below += this.#counts[at] ?? 0;
      return { metricName: `${this.name}_bucket`, labels: { le }, value: below };
    });
    const { name, help, type, aggregator } = this;
    return {
      ...{ name, help, type, aggregator },
      values: [
        ...values,
        { metricName: `${name}_sum`, labels: {}, value: this.#sum },
        { metricName: `${name}_count`, labels: {}, value: below },
      ],
    };
  }
}
