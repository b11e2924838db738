import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { percentDecoded } from "../../../src/signing/percentDecoded.ts";

test.each([
  ["", ""],
  ["a-b", "a-b"],
  ["%41%c3%A9b", "A\xc3\xa9b"],
  ["%2541", "%41"],
  ["a%", undefined],
  ["%4", undefined],
  ["%4-", undefined],
  ["%-4", undefined],
  ["%zz", undefined],
])("%j stands for %j", (text, decoded) => {
  expect(percentDecoded(text)).toBe(decoded);
});

test("a long text is decoded as a short one", () => {
  const piece = fc.oneof(
    fc.constantFrom("%", "%4", "%41", "%e9", "%zz", "%%"),
    fc.string({ unit: "binary-ascii", maxLength: 3 }),
  );
  const padding = "-".repeat(1_000);
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const decoded = percentDecoded(pieces.join(""));
      const long = percentDecoded(pieces.join("") + padding);
      expect(long).toBe(decoded === undefined ? undefined : decoded + padding);
    }),
  );
});
