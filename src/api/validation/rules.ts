import { Environment } from "@marcbachmann/cel-js";
import { isRecord } from "../../base/json.ts";
import type { Rule, Schema } from "../schema/schema.ts";
import { fieldOf, type Path, type Problem } from "./problem.ts";
import { ruleTreeOf } from "./ruleTree.ts";
import type { UnsoundPaths } from "./unsound.ts";

type Evaluate = (context: Record<string, unknown>) => unknown;

const environment = new Environment({ limits: { maxListElements: 10_000 } })
  .registerVariable("self", "dyn")
  .registerVariable("oldSelf", "dyn");
const compiled = new Map<string, Evaluate>();

export interface RuleInput {
  /** With its defaults in place. */
  readonly value: unknown;
  /** The object before the change; undefined for a new object. */
  readonly old: unknown;
  readonly unsound: UnsoundPaths;
}

export interface RulesChecked {
  readonly problems: readonly Problem[];
  /** How many rules were not run, because they read what is unsound. */
  readonly skipped: number;
}

/**
 * Runs the CEL rules of a schema, and its uniqueness rules for lists, over a value, as the API server does: a rule that
 * speaks of oldSelf is run only where there is an old value.
 */
export function checkRules(schema: Schema, { value, old, unsound }: RuleInput): RulesChecked {
  const check = new RuleCheck(
    unsound,
    hasInteger(withoutMetadata(value)) || hasInteger(withoutMetadata(old)),
  );
  check.visit(schema, value, old, []);
  return check;
}

class RuleCheck implements RulesChecked {
  readonly problems: Problem[] = [];
  skipped = 0;
  readonly #unsound: UnsoundPaths;
  readonly #hasIntegers: boolean;

  constructor(unsound: UnsoundPaths, hasIntegers: boolean) {
    this.#unsound = unsound;
    this.#hasIntegers = hasIntegers;
  }

  visit(schema: Schema, value: unknown, old: unknown, path: Path): void {
    const { rules } = ruleTreeOf(schema);
    const of = (one: unknown) => (this.#hasIntegers ? celValue(one) : one);
    const context = rules.length > 0 ? { self: of(value), oldSelf: of(old) } : {};
    for (const { rule, isTransition } of rules) {
      if (old === undefined && isTransition) continue;
      if (this.#isReadable(rule, schema, path)) this.problems.push(...checkRule(rule, context, path));
      else this.skipped += 1;
    }
    this.problems.push(...checkUnique(schema, value, path));
    this.#inside(schema, value, old, path);
  }

  #inside(schema: Schema, value: unknown, old: unknown, path: Path): void {
    const { items, properties } = ruleTreeOf(schema);
    if (Array.isArray(value) && items)
      for (const [index, item] of value.entries()) this.#item(items, item, [...path, index]);
    if (!isRecord(value)) return;
    const before = isRecord(old) ? old : {};
    for (const [name, of] of properties)
      if (Object.hasOwn(value, name)) this.visit(of, value[name], before[name], [...path, name]);
  }

  #item(schema: Schema, value: unknown, path: Path): void {
    const known = soundItems(schema);
    const text = JSON.stringify(value);
    if (this.#unsound.isEmpty && known.has(text)) return;
    const before = this.problems.length + this.skipped;
    this.visit(schema, value, undefined, path);
    if (text.length > MAX_KNOWN_LENGTH || this.problems.length + this.skipped > before) return;
    known.add(text);
  }

  /** A rule reads the fields of self that it names, or all of self where it names none. */
  #isReadable({ rule, messageExpression = "" }: Rule, { properties = {} }: Schema, path: Path): boolean {
    if (this.#unsound.isEmpty) return true;
    if (this.#unsound.isWrong(path)) return false;
    const reads = [...`${rule} ${messageExpression}`.matchAll(/(?<![\w.])self(?:\.([A-Za-z_]\w*))?/g)];
    return reads.every(([, name]) =>
      name !== undefined && Object.hasOwn(properties, name)
        ? !this.#unsound.isUnsound([...path, name])
        : !this.#unsound.isUnsound(path),
    );
  }
}

/**
 * Items that were found to break no rule of a schema, as JSON. The grants of a large tree repeat most of their items, such as
 * the names of Applications: without this, the rules of items took half of the time of a validation.
 */
function soundItems(schema: Schema): Set<string> {
  const known = soundValues.get(schema) ?? new Set();
  if (known.size >= MAX_KNOWN) known.clear();
  soundValues.set(schema, known);
  return known;
}

const soundValues = new WeakMap<Schema, Set<string>>();
/** Of one schema; with the length this is 2 MB at most. */
const MAX_KNOWN = 16_384;
const MAX_KNOWN_LENGTH = 128;

function checkRule(rule: Rule, context: Record<string, unknown>, path: Path): readonly Problem[] {
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
    const keyed = kind === "map" && isRecord(item) ? keys.map((key) => item[key]) : [item];
    // An item that lacks a key has a problem of its own, and equals no other.
    if (keyed.includes(undefined)) return [];
    const identity = JSON.stringify(keyed);
    if (seen.has(identity))
      return [{ field: fieldOf([...path, index]), message: "Duplicate value: remove one of the two" }];
    seen.add(identity);
    return [];
  });
}

/** CEL integers are BigInts here; everything else is as JSON has it. */
function celValue(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(celValue);
  if (isRecord(value))
    return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, celValue(of)]));
  return value;
}

/** No rule reads a number of the metadata, and every stored object has one there, its generation. */
function withoutMetadata(object: unknown): unknown {
  return isRecord(object) ? { ...object, metadata: undefined, status: undefined } : object;
}

/** Most objects have none, and need no copy for CEL. */
function hasInteger(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasInteger);
  return isRecord(value) ? Object.values(value).some(hasInteger) : Number.isInteger(value);
}
