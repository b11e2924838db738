/** What /metrics said, by name and labels. */
export class Samples {
  readonly #values = new Map<
    string,
    { readonly labels: ReadonlyMap<string, string>; readonly value: number }[]
  >();

  /** Reads Prometheus' text format; lines that are none are skipped. */
  static of(text: string): Samples {
    const samples = new Samples();
    for (const line of text.split("\n")) samples.#add(line);
    return samples;
  }

  /** The value of the series that has this label, or of the first one. */
  value(name: string, label = "", value = ""): number | undefined {
    const found = this.#values.get(name) ?? [];
    return found.find(({ labels }) => label === "" || labels.get(label) === value)?.value;
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
