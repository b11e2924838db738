/** The value under these keys; undefined where there is none. Reads JSON whose shape nobody has checked. */
export function field(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (!isRecord(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** protobuf writes 64-bit numbers as strings. */
export function number(value: unknown): number | undefined {
  const found = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof found === "number" && Number.isFinite(found) ? found : undefined;
}

/** Milliseconds of a protobuf duration such as "0.5s". */
export function milliseconds(value: unknown): number | undefined {
  const seconds = /^(-?\d+(?:\.\d+)?)s$/.exec(text(value))?.[1];
  return seconds === undefined ? undefined : Math.round(Number(seconds) * 1_000_000) / 1_000;
}

export function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return isRecord(value) ? Object.entries(value) : [];
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Maps whose keys are names of an admin's choice. */
const NAMES = new Set(["typed_per_filter_config", "context_extensions", "filter_metadata"]);

/** protobuf reads `failureModeAllow` as `failure_mode_allow`, so this does too. */
export function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => cased(key, inner)));
}

function cased(key: string, inner: unknown): readonly [string, unknown] {
  const name = /^[a-z][a-zA-Z0-9]*$/.test(key)
    ? key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    : key;
  if (!NAMES.has(name) || !isRecord(inner)) return [name, snakeCased(inner)];
  return [name, Object.fromEntries(Object.entries(inner).map(([own, value]) => [own, snakeCased(value)]))];
}
