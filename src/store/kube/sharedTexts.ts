import { isRecord } from "../../base/json.ts";

/** Longer texts are rarely the same in several objects. */
const LONGEST = 256;
const MOST = 4_096;
const known = new Map<string, string>();

/**
 * The same JSON value with one instance for equal texts, across all objects that pass through here: JSON.parse makes a text of its own for
 * every occurrence, and 10,000 objects have the same reasons, messages and finalizers. For parts that repeat; texts that are unique would
 * only displace others.
 */
export function shareTexts<T>(value: T): T {
  return shared(value) as T;
}

function shared(value: unknown): unknown {
  if (typeof value === "string") return sharedText(value);
  if (Array.isArray(value)) return value.map(shared);
  if (!isRecord(value)) return value;
  // fromEntries also takes a member of the name __proto__ for what it is.
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shared(one)]));
}

function sharedText(text: string): string {
  if (text.length > LONGEST) return text;
  const found = known.get(text);
  if (found !== undefined) return found;
  if (known.size >= MOST) known.clear();
  known.set(text, text);
  return text;
}
