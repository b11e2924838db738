import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { Counter, Histogram, Registry } from "prom-client";
import { LabelCounter, PlainHistogram } from "../../../../src/observe/metrics/plainMetrics.ts";

const text = { name: "n", help: "h" };
const buckets = [0.1, 1, 10];

test("a histogram is exported as prom-client exports its own", async () => {
  const observations = fc.array(
    fc.oneof(fc.constantFrom(0, 0.1, 1, 10), fc.double({ min: 0, max: 20, noNaN: true })),
  );
  await fc.assert(
    fc.asyncProperty(observations, async (values) => {
      const [ours, theirs] = [new Registry(), new Registry()];
      const plain = new PlainHistogram({ ...text, buckets, registry: ours });
      const known = new Histogram({ ...text, buckets, registers: [theirs] });
      for (const value of values) for (const histogram of [plain, known]) histogram.observe(value);
      expect(await ours.metrics()).toBe(await theirs.metrics());
      expect(await ours.getMetricsAsJSON()).toMatchObject(
        (await theirs.getMetricsAsJSON()).map(({ name, help, type, aggregator }) => ({
          name,
          help,
          type,
          aggregator,
        })),
      );
    }),
  );
});

test("a counter is exported as prom-client exports its own, however often it is scraped", async () => {
  const [ours, theirs] = [new Registry(), new Registry()];
  const plain = new LabelCounter<string>({ ...text, label: "code", known: ["A", "B"], registry: ours });
  const known = new Counter({ ...text, labelNames: ["code"], registers: [theirs] });
  for (const code of ["A", "B"]) known.inc({ code }, 0);
  for (const code of ["B", "B", "C"]) {
    plain.inc(code);
    known.inc({ code });
    expect(await ours.metrics()).toBe(await theirs.metrics());
  }
});
