import { describe, expect, test } from "@jest/globals";
import { decideCapture, readCaptures } from "./captures.ts";

const captures = readCaptures("captures");
const altered = readCaptures("captures-altered");

describe("a request that a real client sent", () => {
  test.each(captures.map((capture) => [capture.expect, capture.id, capture.form, capture] as const))(
    "%s: %s (%s)",
    (expected, _, __, capture) => {
      expect(decideCapture(capture).ok ? "allow" : "deny").toBe(expected);
    },
  );
});

describe("a captured request that was altered is refused", () => {
  test.each(altered.map((capture) => [capture.id, capture.tampering, capture] as const))(
    "%s: %s",
    (_, __, capture) => {
      expect(decideCapture(capture).ok).toBe(false);
    },
  );
});
