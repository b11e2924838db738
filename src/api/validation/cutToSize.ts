import { isRecord } from "../../base/json.ts";
import type { Schema } from "../schema/schema.ts";
import { fieldOf, MAX_PROBLEMS, type Path } from "./problem.ts";
import type { StructuralProblem } from "./structure.ts";

/** A copy that is no larger than its schema allows, and what was left out of it. */
export interface Cut {
  readonly value: unknown;
  readonly problems: readonly StructuralProblem[];
  /** Unknown fields beyond the first MAX_PROBLEMS of one object. */
  readonly uncounted: number;
}

/**
 * Copies a value as far as the schema bounds it: unknown fields, and items beyond `maxItems` and `maxProperties`, are left out
 * and reported. A check of every item costs as much as there are items: a list of 1.5 million (3 MB of YAML) held the process
 * for 8 s and 700 MB (ajv 8.20.0, `allErrors`), and `standalone` decides requests in the same process.
 */
export function cutToSize(schema: Schema, value: unknown): Cut {
  const cutting = new Cutting();
  return { value: cutting.copy(schema, value, []), problems: cutting.problems, uncounted: cutting.uncounted };
}

class Cutting {
  readonly problems: StructuralProblem[] = [];
  uncounted = 0;

  copy(schema: Schema, value: unknown, path: Path): unknown {
    if (Array.isArray(value)) return this.#list(schema, value, path);
    if (!isRecord(value)) return value;
    if (schema.additionalProperties) return this.#map(schema, schema.additionalProperties, value, path);
    // An object that lists no properties is open; metadata is the only one, and is checked elsewhere.
    return schema.properties ? this.#object(schema.properties, value, path) : plainCopy(value);
  }

  #list(
    { items, maxItems = Number.POSITIVE_INFINITY }: Schema,
    value: readonly unknown[],
    path: Path,
  ): unknown {
    if (value.length > maxItems) this.#tooMany(path, maxItems, "items", value.length);
    const kept = value.slice(0, maxItems);
    return items ? kept.map((item, index) => this.copy(items, item, [...path, index])) : kept;
  }

  #map(
    { maxProperties = Number.POSITIVE_INFINITY }: Schema,
    of: Schema,
    value: Readonly<Record<string, unknown>>,
    path: Path,
  ): unknown {
    const names = Object.keys(value);
    if (names.length > maxProperties) this.#tooMany(path, maxProperties, "entries", names.length);
    const kept = names.slice(0, maxProperties);
    return Object.fromEntries(kept.map((name) => [name, this.copy(of, value[name], [...path, name])]));
  }

  #object(
    properties: Readonly<Record<string, Schema>>,
    value: Readonly<Record<string, unknown>>,
    path: Path,
  ): unknown {
    const unknown = Object.keys(value).filter((name) => !Object.hasOwn(properties, name));
    for (const name of unknown.slice(0, MAX_PROBLEMS)) this.#unknownField([...path, name]);
    this.uncounted += Math.max(0, unknown.length - MAX_PROBLEMS);
    const known = Object.entries(properties).filter(
      ([name]) => Object.hasOwn(value, name) && value[name] !== undefined,
    );
    return Object.fromEntries(known.map(([name, of]) => [name, this.copy(of, value[name], [...path, name])]));
  }

  #unknownField(path: Path): void {
    const message = "unknown field: remove it, or correct its name";
    this.problems.push({ path, field: fieldOf(path), message, hidesRules: false });
  }

  #tooMany(path: Path, max: number, what: string, has: number): void {
    const message = `must have at most ${max} ${what}, and has ${has}`;
    this.problems.push({ path, field: fieldOf(path), message, hidesRules: true });
  }
}

/** A copy of JSON. structuredClone takes several times as long for small values. */
function plainCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainCopy);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, plainCopy(of)]));
}
