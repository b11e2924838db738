import { expect, test } from "@jest/globals";
import { timeoutMs } from "../../../../../src/verifier/transport/http2/timeout.ts";

test.each([
  ["1H", 3_600_000],
  ["2M", 120_000],
  ["3S", 3_000],
  ["200m", 200],
  ["5000u", 5],
  ["60000000n", 60],
  ["99999999H", 99_999_999 * 3_600_000],
  ["0m", 0],
])("a timeout of %s is %d ms", (text, ms) => {
  expect(timeoutMs(text)).toBeCloseTo(ms, 6);
});

test.each([
  "",
  "m",
  "5",
  "5x",
  "5 m",
  " 5m",
  "5m ",
  "-5m",
  "+5m",
  "1.5S",
  "123456789m",
  "5h",
  "5mm",
  "5m, 6m",
])("%j is no timeout", (text) => {
  expect(timeoutMs(text)).toBeUndefined();
});
