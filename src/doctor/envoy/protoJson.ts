import { isRecord, text } from "../../base/json.ts";

/** Milliseconds of a protobuf duration such as "0.5s"; undefined for anything else. */
export function milliseconds(value: unknown): number | undefined {
  const seconds = /^(-?\d+(?:\.\d+)?)s$/.exec(text(value))?.[1];
  return seconds === undefined ? undefined : Math.round(Number(seconds) * 1_000_000) / 1_000;
}

/** Maps whose keys are chosen by an admin. */
const NAMES = new Set(["typed_per_filter_config", "context_extensions", "filter_metadata"]);

/** The value with field names in snake case, since protobuf reads `failureModeAllow` as `failure_mode_allow` too. */
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
