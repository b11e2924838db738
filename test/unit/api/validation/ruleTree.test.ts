import { describe, expect, test } from "@jest/globals";
import { API_DOMAIN } from "../../../../src/api/apiDomain.ts";
import { API_GRANT } from "../../../../src/api/apiGrant.ts";
import { APPLICATION } from "../../../../src/api/application.ts";
import { objectSchema } from "../../../../src/api/crds.ts";
import type { Schema } from "../../../../src/api/schema/schema.ts";
import { ruleTreeOf } from "../../../../src/api/validation/ruleTree.ts";

type Inside = (schema: Schema) => readonly (readonly [string, Schema])[];

/** Every schema inside this one. */
const all: Inside = ({ properties = {}, items }) => [
  ...Object.entries(properties),
  ...(items ? [["[]", items] as const] : []),
];
/** Those that a check visits. */
const visited: Inside = (schema) => {
  const { properties, items } = ruleTreeOf(schema);
  return [...properties, ...(items ? [["[]", items] as const] : [])];
};

/** The paths of all schemas that have something to check. */
function checkedBelow(schema: Schema, inside: Inside, path = ""): readonly string[] {
  const isUnique = ["set", "map"].includes(schema["x-kubernetes-list-type"] ?? "");
  const own = isUnique || (schema["x-kubernetes-validations"] ?? []).length > 0 ? [path] : [];
  return [...own, ...inside(schema).flatMap(([name, one]) => checkedBelow(one, inside, `${path}.${name}`))];
}

describe("the rule tree of a kind leads to every rule and every unique list of its schema", () => {
  test.each(Object.entries({ APPLICATION, API_GRANT, API_DOMAIN }))("%s", (_, definition) => {
    const schema = objectSchema(definition);
    expect(checkedBelow(schema, all).length).toBeGreaterThan(1);
    expect(checkedBelow(schema, visited)).toEqual(checkedBelow(schema, all));
  });
});

test("a schema without anything to check is left out", () => {
  const plain: Schema = { type: "object", properties: { a: { type: "string" } } };
  expect(ruleTreeOf(plain).isEmpty).toBe(true);
  expect(ruleTreeOf({ type: "object", properties: { plain } }).properties).toEqual([]);
});
