import { Environment } from "@marcbachmann/cel-js";
import type { Rule, Schema } from "../schema/schema.ts";
import { fieldOf, type Problem } from "./problem.ts";

type Path = readonly (string | number)[];
type Evaluate = (context: Record<string, unknown>) => unknown;

const environment = new Environment({ limits: { maxListElements: 10_000 } })
  .registerVariable("self", "dyn")
  .registerVariable("oldSelf", "dyn");
const compiled = new Map<string, Evaluate>();

/**
 * Runs the CEL rules of a schema, and its uniqueness rules for lists, over a value with its defaults in place, as the
 * API server does: a rule that speaks of oldSelf is looked at only where there is an old value.
 */
export function checkRules(
  schema: Schema,
  value: unknown,
  old: unknown,
  path: Path = [],
): readonly Problem[] {
  const own = (schema["x-kubernetes-validations"] ?? []).flatMap((rule) => checkRule(rule, value, old, path));
  return [...own, ...checkUnique(schema, value, path), ...checkInside(schema, value, old, path)];
}

function checkInside(schema: Schema, value: unknown, old: unknown, path: Path): readonly Problem[] {
  if (Array.isArray(value) && schema.items) {
    const items = schema.items;
    return value.flatMap((item, index) => checkRules(items, item, undefined, [...path, index]));
  }
  if (!isObject(value)) return [];
  const before = isObject(old) ? old : {};
  return Object.entries(schema.properties ?? {}).flatMap(([name, of]) =>
    Object.hasOwn(value, name) ? checkRules(of, value[name], before[name], [...path, name]) : [],
  );
}

function checkRule(rule: Rule, self: unknown, oldSelf: unknown, path: Path): readonly Problem[] {
  if (/\boldSelf\b/.test(rule.rule) && oldSelf === undefined) return [];
  const context = { self: celValue(self), oldSelf: celValue(oldSelf) };
  if (holds(rule.rule, context)) return [];
  const said = rule.messageExpression === undefined ? undefined : evaluate(rule.messageExpression, context);
  const message = typeof said === "string" ? said : (rule.message ?? `failed rule: ${rule.rule}`);
  return [{ field: fieldOf([...path, ...(rule.fieldPath?.split(".").slice(1) ?? [])]), message, rule }];
}

/** A rule that cannot be evaluated refuses, as on the API server. */
function holds(rule: string, context: Record<string, unknown>): boolean {
  try {
    return evaluate(rule, context) === true;
  } catch {
    return false;
  }
}

function evaluate(expression: string, context: Record<string, unknown>): unknown {
  const known = compiled.get(expression) ?? environment.parse(expression);
  compiled.set(expression, known);
  return known(context);
}

/** Lists of the types set and map hold no item twice: as a whole, or by their keys. */
function checkUnique(schema: Schema, value: unknown, path: Path): readonly Problem[] {
  const kind = schema["x-kubernetes-list-type"];
  if (!Array.isArray(value) || (kind !== "set" && kind !== "map")) return [];
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const seen = new Set<string>();
  return value.flatMap((item, index) => {
    const identity = JSON.stringify(
      kind === "set" ? item : keys.map((key) => (isObject(item) ? item[key] : item)),
    );
    const problem = { field: fieldOf([...path, index]), message: "Duplicate value: remove one of the two" };
    if (seen.has(identity)) return [problem];
    seen.add(identity);
    return [];
  });
}

/** CEL integers are BigInts here; everything else is as JSON has it. */
function celValue(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(celValue);
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, celValue(of)]));
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
