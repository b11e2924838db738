import type { Rule, Schema } from "../schema/schema.ts";

/** What a schema and the schemas inside it have to check beyond structure. */
export interface RuleTree {
  readonly rules: readonly { readonly rule: Rule; readonly isTransition: boolean }[];
  /** Properties that have something to check, in the order of the schema. */
  readonly properties: readonly (readonly [name: string, schema: Schema])[];
  /** Of the items of a list; undefined if they have nothing to check. */
  readonly items: Schema | undefined;
  /** Whether there is nothing to check, here and inside. */
  readonly isEmpty: boolean;
}

const trees = new WeakMap<Schema, RuleTree>();

/** The rule tree of a schema. Most fields have no rule: a start with 10,000 Applications looks only at those that have. */
export function ruleTreeOf(schema: Schema): RuleTree {
  const known = trees.get(schema);
  if (known) return known;
  const { items, properties = {} } = schema;
  const rules = (schema["x-kubernetes-validations"] ?? []).map((rule) => ({
    rule,
    isTransition: /\boldSelf\b/.test(rule.rule),
  }));
  const inside = Object.entries(properties).filter(([, one]) => !ruleTreeOf(one).isEmpty);
  const hasItems = items !== undefined && !ruleTreeOf(items).isEmpty;
  const isUnique = ["set", "map"].includes(schema["x-kubernetes-list-type"] ?? "");
  const tree: RuleTree = {
    rules,
    properties: inside,
    items: hasItems ? items : undefined,
    isEmpty: rules.length === 0 && inside.length === 0 && !hasItems && !isUnique,
  };
  trees.set(schema, tree);
  return tree;
}
