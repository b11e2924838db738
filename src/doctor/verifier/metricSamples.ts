interface Sample {
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

/** The samples of one scrape of /metrics, by name and labels. */
export class MetricSamples {
  readonly #values = new Map<string, Sample[]>();

  /** Parses Prometheus' text format; other lines are skipped. */
  static of(text: string): MetricSamples {
    const samples = new MetricSamples();
    for (const line of text.split("\n")) samples.#add(line);
    return samples;
  }

  /** The value of the series with this label, or of the first series of that name. */
  value(name: string, label = "", value = ""): number | undefined {
    const found = this.#values.get(name) ?? [];
    return found.find(({ labels }) => label === "" || labels.get(label) === value)?.value;
  }

  /** All series of that name. */
  all(name: string): readonly Sample[] {
    return this.#values.get(name) ?? [];
  }

  /** The sum of all series of that name. */
  sum(name: string): number {
    return (this.#values.get(name) ?? []).reduce((total, { value }) => total + value, 0);
  }

  /** A label of the first series of that name. */
  label(name: string, label: string): string | undefined {
    return this.#values.get(name)?.[0]?.labels.get(label);
  }

  #add(line: string): void {
    const [, name, labels = "", value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
    if (name === undefined) return;
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    const series = this.#values.get(name) ?? [];
    series.push({
      labels: new Map(pairs.map(([, key = "", text = ""]) => [key, text])),
      value: Number(value),
    });
    this.#values.set(name, series);
  }
}
