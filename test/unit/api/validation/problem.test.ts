import { expect, test } from "@jest/globals";
import { fieldOf } from "../../../../src/api/validation/problem.ts";

test.each([
  [[], ""],
  [["spec"], "spec"],
  [["spec", "apis", 0, "hosts", 1], "spec.apis[0].hosts[1]"],
  [["spec", "apis", "0", "name"], "spec.apis[0].name"],
])("the path %j is written as Kubernetes writes it: %s", (path, field) => {
  expect(fieldOf(path)).toBe(field);
});
