import { Readable } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Line, linesOf } from "../../../../../src/cli/commands/replay/lines.ts";

async function linesIn(chunks: readonly Buffer[], maxBytes?: number): Promise<readonly Line[]> {
  const found: Line[] = [];
  for await (const line of linesOf(Readable.from(chunks), maxBytes)) found.push(line);
  return found;
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
  test.each(Object.entries(cases))("%s", async (_, [given, expected]) => {
    expect(await linesIn([Buffer.from(given)])).toEqual(expected);
  });

  test("a line that is too long is skipped, and the next one is read", async () => {
    const chunks = ["a\n", "x".repeat(20), "y".repeat(20), "\nb\n"].map((text) => Buffer.from(text));
    expect(await linesIn(chunks, 32)).toEqual([
      textLine(1, "a"),
      { number: 2, ok: false, problem: "is longer than 32 bytes" },
      textLine(3, "b"),
    ]);
  });

  test("the lines do not depend on how the stream is cut into pieces", async () => {
    const piece = fc.constantFrom("a", "\n", "\r\n", "\r", "é", "\u2028", "{}", " ");
    await fc.assert(
      fc.asyncProperty(fc.array(piece), fc.array(fc.nat(40)), async (pieces, cuts) => {
        const bytes = Buffer.from(pieces.join(""));
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length];
        const sorted = places.toSorted((a, b) => a - b);
        const chunks = sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
        expect(await linesIn(chunks)).toEqual(await linesIn([bytes]));
      }),
      { numRuns: 500 },
    );
  });
});
