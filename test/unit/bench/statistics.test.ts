import { describe, expect, test } from "@jest/globals";
import { median, quantile, ratios, spread } from "../../../bench/statistics.ts";

describe("the median", () => {
  const cases: Record<string, [readonly number[], number]> = {
    "of an odd number of values is the middle one": [[9, 1, 5], 5],
    "of an even number of values is the mean of the two in the middle": [[8, 1, 2, 4], 3],
    "of one value is the value": [[7], 7],
    "of nothing is not a number": [[], Number.NaN],
    "does not sort numbers as text": [[100, 20, 3], 20],
  };
  test.each(Object.entries(cases))("%s", (_, [values, expected]) => {
    expect(median(values)).toBe(expected);
  });
});

test("a quantile is the smallest value that so many did not exceed", () => {
  const values = [4, 1, 3, 2];
  expect([0, 0.25, 0.5, 0.51, 0.99, 1].map((share) => quantile(values, share))).toEqual([1, 1, 2, 3, 4, 4]);
  expect(quantile([], 0.5)).toBeNaN();
});

test("the spread is from the smallest to the largest value", () => {
  expect(spread([3, 1, 2])).toEqual([1, 3]);
});

test("ratios are taken within a round, and a round that one side lacks is left out", () => {
  expect(ratios([10, 30, 8], [20, 10])).toEqual([0.5, 3]);
});
