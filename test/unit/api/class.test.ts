import { expect, test } from "@jest/globals";
import { classOf } from "../../../src/api/class.ts";

const cases: Record<string, [object, string]> = {
  "that it names": [{ spec: { className: "internal" } }, "internal"],
  "of the default where it names none": [{ spec: {} }, ""],
  "of the default without a spec": [{}, ""],
  "of the default with a spec of an older schema": [{ spec: { className: 7 } }, ""],
  "of the default with a spec that is no object": [{ spec: "internal" }, ""],
  "of the default with a spec of null": [{ spec: null }, ""],
};
test.each(Object.entries(cases))("an object is of the class %s", (_, [object, expected]) => {
  expect(classOf(object)).toBe(expected);
});
