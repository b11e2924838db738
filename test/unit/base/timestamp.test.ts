import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { microTimestamp, parseTime, timestamp } from "../../../src/base/timestamp.ts";

const AT = Date.UTC(2026, 10, 24, 9, 0, 59, 987);

test("a timestamp is cut to whole seconds", () => {
  expect(timestamp(AT)).toBe("2026-11-24T09:00:59Z");
  expect(timestamp(-1)).toBe("1969-12-31T23:59:59Z");
});

test("a micro timestamp keeps its milliseconds", () => {
  expect(microTimestamp(AT)).toBe("2026-11-24T09:00:59.987000Z");
});

test("a timestamp reads back as less than a second before the instant", () => {
  const instants = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) });
  fc.assert(fc.property(instants, (ms) => ms - Date.parse(timestamp(ms)) === ms % 1_000));
  fc.assert(fc.property(instants, (ms) => Date.parse(microTimestamp(ms)) === ms));
});

const times: Record<string, [text: string, ms: number | undefined]> = {
  "an RFC 3339 timestamp": ["2026-11-24T09:00:59.987Z", AT],
  "an HTTP date": ["Tue, 24 Nov 2026 09:00:59 GMT", AT - 987],
  "no date": ["soon", undefined],
  "an empty text": ["", undefined],
};
test.each(Object.entries(times))("%s is read as a time, or not at all", (_, [text, ms]) => {
  expect(parseTime(text)).toBe(ms);
});
