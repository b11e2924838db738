/** Reads JSON whose shape has not been checked. Every function is total. */

/** Whether the value is a JSON object: neither null nor an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value that the text holds; undefined, which is no JSON value, when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value under these keys, one inside the other; undefined where one of them is missing. */
export function field(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (!isRecord(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

/** The value if it is an array, otherwise an empty one. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value if it is a string, otherwise "". */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The value as a finite number, also from a string, since protobuf writes 64-bit numbers as strings; otherwise undefined. */
export function number(value: unknown): number | undefined {
  const found = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}

/** The keys and values of a JSON object; none for any other value. */
export function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return isRecord(value) ? Object.entries(value) : [];
}

/**
 * Whether two values have the same JSON, whatever the order of fields. A field that is undefined counts as missing. `compare`
 * may decide for values that are not plain JSON.
 */
export function isSameJson(
  a: unknown,
  b: unknown,
  compare: (a: unknown, b: unknown) => boolean | undefined = () => undefined,
): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, at) => isSameJson(item, b[at], compare));
  if (!isRecord(a) || !isRecord(b)) return false;
  return compare(a, b) ?? haveSameFields(a, b, compare);
}

type JsonRecord = Readonly<Record<string, unknown>>;

function haveSameFields(
  a: JsonRecord,
  b: JsonRecord,
  compare: (a: unknown, b: unknown) => boolean | undefined,
) {
  let left = fieldCount(b);
  for (const name in a) {
    if (a[name] === undefined || !Object.hasOwn(a, name)) continue;
    if (!Object.hasOwn(b, name) || !isSameJson(a[name], b[name], compare)) return false;
    left -= 1;
  }
  return left === 0;
}

/** Without a list of the names: start-up compares hundreds of thousands of objects. */
function fieldCount(record: JsonRecord): number {
  let count = 0;
  for (const name in record) if (record[name] !== undefined && Object.hasOwn(record, name)) count += 1;
  return count;
}
