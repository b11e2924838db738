import { expect, test } from "@jest/globals";
import { classOf } from "../../../src/api/class.ts";

const cases: Record<string, [object, string]> = {
  "spec.className": [{ spec: { className: "internal" } }, "internal"],
  '"" without className': [{ spec: {} }, ""],
  '"" without a spec': [{}, ""],
  '"" if className is not text, as a spec of an older schema can have it': [{ spec: { className: 7 } }, ""],
  '"" if the spec is not an object': [{ spec: "internal" }, ""],
  '"" if the spec is null': [{ spec: null }, ""],
};
test.each(Object.entries(cases))("the class of an object is %s", (_, [object, expected]) => {
  expect(classOf(object)).toBe(expected);
});
