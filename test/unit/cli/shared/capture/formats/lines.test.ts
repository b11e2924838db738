import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Line, LineSplitter } from "../../../../../../src/cli/shared/capture/formats/lines.ts";

function linesIn(chunks: readonly Buffer[], maxBytes?: number): readonly Line[] {
  const splitter = new LineSplitter(maxBytes);
  return [...chunks.flatMap((chunk) => [...splitter.take(chunk)]), ...splitter.end()];
}
const textLine = (number: number, text: string) => ({ number, ok: true, text });

describe("a stream of bytes is split into lines:", () => {
  const cases: Record<string, [string | Buffer, readonly object[]]> = {
    "LF and CRLF end a line": ["a\nb\r\nc", [textLine(1, "a"), textLine(2, "b"), textLine(3, "c")]],
    "blank lines are left out, and counted": ["\n \na\n\r\n", [textLine(3, "a")]],
    "nothing holds no line": ["", []],
    "the separators of Unicode stay in the line": [
      '"\u2028\u2029\u0085"',
      [textLine(1, '"\u2028\u2029\u0085"')],
    ],
    "a carriage return in the middle stays in the line": ["a\rb\n", [textLine(1, "a\rb")]],
    "a byte order mark is left out": ["\ufeffa\n", [textLine(1, "a")]],
    "a line that is not UTF-8 is one without text": [
      Buffer.from("a\n\xff\nb", "latin1"),
      [textLine(1, "a"), { number: 2, ok: false, problem: "is not UTF-8" }, textLine(3, "b")],
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [given, expected]) => {
    expect(linesIn([Buffer.from(given)])).toEqual(expected);
  });

  test("a line that is too long is skipped, and the next one is read", () => {
    const chunks = ["a\n", "x".repeat(20), "y".repeat(20), "\nb\n"].map((text) => Buffer.from(text));
    expect(linesIn(chunks, 32)).toEqual([
      textLine(1, "a"),
      { number: 2, ok: false, problem: "is longer than 32 bytes" },
      textLine(3, "b"),
    ]);
  });

  test("the lines do not depend on how the stream is cut into pieces", () => {
    const piece = fc.constantFrom("a", "\n", "\r\n", "\r", "é", "\u2028", "{}", " ");
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat(40)), (pieces, cuts) => {
        const bytes = Buffer.from(pieces.join(""));
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length];
        const sorted = places.toSorted((a, b) => a - b);
        const chunks = sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
        expect(linesIn(chunks)).toEqual(linesIn([bytes]));
      }),
      { numRuns: 500 },
    );
  });
});
