import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { oneCopy, SharedValues } from "../../../src/base/oneCopy.ts";

test("a text keeps its characters, whatever they are", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "0", "")), (text) => {
      expect(oneCopy(text)).toBe(text);
      expect(oneCopy(`${text}/${text}`)).toBe(`${text}/${text}`);
    }),
  );
});

describe("shared values", () => {
  test("equal values become one", () => {
    const shared = new SharedValues();
    const first = shared.of({ type: "Ready", status: "True" });
    expect(shared.of({ type: "Ready", status: "True" })).toBe(first);
    expect(shared.of({ type: "Ready", status: "False" })).toEqual({ type: "Ready", status: "False" });
  });

  test("a value that is met again and again stays known beside many others", () => {
    const shared = new SharedValues(4);
    const common = shared.of(["common"]);
    for (let number = 0; number < 100; number++) {
      shared.of([number]);
      expect(shared.of(["common"])).toBe(common);
    }
  });

  test("values that were not met for a while are forgotten", () => {
    const shared = new SharedValues(4);
    const first = shared.of(["first"]);
    for (let number = 0; number < 10; number++) shared.of([number]);
    expect(shared.of(["first"])).not.toBe(first);
  });

  test("every value equals the one that was given", () => {
    const shared = new SharedValues(3);
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(shared.of(value)).toEqual(value)));
  });
});
