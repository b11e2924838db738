import { describe, expect, test } from "@jest/globals";
import { FigureBook } from "../../../bench/figures.ts";
import { GOALS, judge, verdictOf } from "../../../bench/goals.ts";

const MORE = { better: "more", must: 0.5, aim: 0.65 } as const;
const LESS = { better: "less", must: 20, aim: 12 } as const;

describe("a goal", () => {
  const cases: Record<string, [typeof MORE | typeof LESS, number | undefined, string]> = {
    "whose aim is reached meets the aim": [MORE, 0.65, "meets the aim"],
    "between its bound and its aim passes": [MORE, 0.5, "pass"],
    "below its bound falls short": [MORE, 0.49, "falls short"],
    "of which less is better passes at its bound": [LESS, 20, "pass"],
    "of which less is better falls short above its bound": [LESS, 20.1, "falls short"],
    "of which less is better meets its aim below it": [LESS, 3, "meets the aim"],
    "without a figure is not measured": [LESS, undefined, "not measured"],
    "whose figure is no number is not measured": [MORE, Number.NaN, "not measured"],
  };
  test.each(Object.entries(cases))("%s", (_, [goal, value, verdict]) => {
    expect(verdictOf(goal, value)).toBe(verdict);
  });
});

/** A server's rounds: calls per second, microseconds per call, share of its core. */
function record(book: FigureBook, name: string, rate: number, cpu: number, used: number): void {
  book.add(`${name} / rate`, "1/s", rate);
  book.add(`${name} / CPU per call`, "µs", cpu);
  book.add(`${name} / core used`, "", used);
}

describe("a share of the reference", () => {
  const g1 = (used: number) => {
    const book = new FigureBook();
    record(book, "check / GET / reference", 50_000, 20, 1);
    record(book, "check / GET / default", 25_000, 25, used);
    return judge(GOALS, book).find(({ id }) => id === "G1");
  };

  test("is judged by throughput where both servers had their core to themselves", () => {
    expect(g1(0.95)).toMatchObject({ value: 0.5, verdict: "pass", note: "by throughput; by CPU 0.80" });
  });

  test("is judged by CPU time per call where one of them did not", () => {
    expect(g1(0.6)).toMatchObject({
      value: 0.8,
      verdict: "meets the aim",
      note: "by CPU per call; by throughput 0.50",
    });
  });
});

test("throughput by number of Applications is judged with many callers, and noted with as few as the smallest world has", () => {
  const book = new FigureBook();
  record(book, "scale / verifier / 10", 50_000, 20, 1);
  record(book, "scale / verifier / 100000", 45_000, 22, 1);
  const g3a = () => judge(GOALS, book).find(({ id }) => id === "G3a");
  expect(g3a()).toMatchObject({ value: 0.9, note: "by throughput; by CPU 0.91" });
  record(book, "scale / verifier / 100000, 10 callers", 49_000, 20.4, 1);
  expect(g3a()).toMatchObject({ value: 0.9, note: "by throughput; by CPU 0.91; where 10 of them call 0.98" });
});

test("a ratio is the median of the rounds' ratios, not the ratio of medians", () => {
  const book = new FigureBook();
  for (const [hostile, good] of [
    [100, 10],
    [300, 100],
    [80, 20],
  ] as const) {
    book.add("refusals / hostile / CPU per call", "µs", hostile);
    book.add("refusals / good / CPU per call", "µs", good);
  }
  expect(judge(GOALS, book).find(({ id }) => id === "G4b")).toMatchObject({
    value: 4,
    verdict: "meets the aim",
  });
});

test("the cost of a nonce is the difference of the medians with and without a claim", () => {
  const book = new FigureBook();
  for (const [claimed, ignored] of [
    [300, 200],
    [320, 210],
    [900, 190],
  ] as const) {
    book.add("schemes / nonce / claimed / p50", "µs", claimed);
    book.add("schemes / nonce / ignored / p50", "µs", ignored);
  }
  expect(judge(GOALS, book).find(({ id }) => id === "G15")).toMatchObject({ value: 120, verdict: "pass" });
});

test("the note of a figure comes with its goal", () => {
  const book = new FigureBook();
  book.add("operator / all Ready", "s", 20);
  book.note("operator / all Ready", "1,000, times ten");
  expect(judge(GOALS, book).find(({ id }) => id === "G11")).toMatchObject({
    note: "1,000, times ten",
    verdict: "pass",
  });
});

test("every goal has an id of its own, and an aim that is harder than its bound", () => {
  expect(new Set(GOALS.map(({ id }) => id)).size).toBe(GOALS.length);
  for (const { must, aim, better } of GOALS)
    expect(better === "more" ? aim - must : must - aim).toBeGreaterThan(0);
});
