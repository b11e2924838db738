import { describe, expect, test } from "@jest/globals";
import { KINDS, objectSchema } from "../../../../src/api/crds.ts";
import type { Schema } from "../../../../src/api/schema/schema.ts";

interface Field {
  /** Such as `Application.spec.signing.algorithms[]`. */
  readonly where: string;
  readonly schema: Schema;
}

/** A schema, and every schema in it. */
function* fieldsIn(where: string, schema: Schema): Generator<Field> {
  yield { where, schema };
  if (schema.items) yield* fieldsIn(`${where}[]`, schema.items);
  if (schema.additionalProperties) yield* fieldsIn(`${where}{}`, schema.additionalProperties);
  for (const [name, of] of Object.entries(schema.properties ?? {})) yield* fieldsIn(`${where}.${name}`, of);
}

const fields = KINDS.flatMap((kind) => [...fieldsIn(kind.kind, objectSchema(kind))]);
const spec = fields.filter(({ where }) => /^\w+\.spec\b/.test(where));
const lacking = (from: readonly Field[], has: (schema: Schema, where: string) => boolean) =>
  from.filter(({ schema, where }) => !has(schema, where)).map(({ where }) => where);

describe("in the schemas of the three kinds", () => {
  test("every field has a description", () => {
    const named = fields.filter(({ where }) => /^\w+\.(?:spec|status)\b.*\w$/.test(where));
    expect(named.length).toBeGreaterThan(80);
    expect(lacking(named, ({ description = "" }) => /^[A-Z/].*[.:]/s.test(description))).toEqual([]);
  });

  test("every list has a list type for server-side apply", () => {
    const lists = fields.filter(({ schema }) => schema.type === "array");
    expect(lists.length).toBeGreaterThan(10);
    expect(lacking(lists, (schema) => schema["x-kubernetes-list-type"] !== undefined)).toEqual([]);
  });

  test("a list that is merged by keys requires them of each item", () => {
    const maps = fields.filter(({ schema }) => schema["x-kubernetes-list-type"] === "map");
    const requiresKeys = ({ items, ...schema }: Schema) =>
      (schema["x-kubernetes-list-map-keys"] ?? []).every((key) => items?.required?.includes(key));
    expect(lacking(maps, requiresKeys)).toEqual([]);
  });

  test("every list and text of a spec is bounded, since the API server rejects costly rules over unbounded ones", () => {
    const lists = spec.filter(({ schema }) => schema.type === "array");
    expect(lacking(lists, ({ maxItems }) => maxItems !== undefined)).toEqual([]);
    const texts = spec.filter(({ schema }) => schema.type === "string");
    const isBounded = ({ maxLength, enum: values }: Schema) => (maxLength ?? values) !== undefined;
    expect(lacking(texts, isBounded)).toEqual([]);
  });

  test("every rule has a message", () => {
    const rules = fields.flatMap(({ schema }) => schema["x-kubernetes-validations"] ?? []);
    expect(rules.length).toBeGreaterThan(25);
    expect(rules.filter(({ message, messageExpression }) => !message && !messageExpression)).toEqual([]);
  });

  test("every default is a value that the schema allows", () => {
    const enums = spec.filter(({ schema }) => schema.enum && schema.default !== undefined);
    expect(enums.length).toBeGreaterThan(2);
    expect(
      lacking(enums, ({ enum: values, default: value }) => values?.includes(String(value)) ?? false),
    ).toEqual([]);
  });
});
