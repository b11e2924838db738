import { Secret } from "../api/secret.ts";
import { isRecord, isSameJson, parseJson } from "../base/json.ts";
import { oneCopy } from "../base/oneCopy.ts";
import { isProjectionJson } from "./check.ts";
import { compactDocument } from "./compact.ts";
import type { Projection } from "./documents.ts";
import { contentOf, needsVersion2, versioned } from "./format.ts";

/** A Secret holds at most this many bytes; a longer text is not a projection. */
const MAX_BYTES = 1_048_576;

export type DecodedProjection =
  | { readonly ok: true; readonly document: Projection }
  | { readonly ok: false; readonly problem: string };

/** The document as JSON with sorted keys, so that equal documents are equal text. The one place where secrets become text. */
export function encodeProjection(document: Projection): string {
  return JSON.stringify(sorted(versioned(document)));
}

/** Whether two documents have the same encoding. */
export function isSameProjection(a: Projection, b: Projection): boolean {
  return isSameJson(versioned(a), versioned(b), (one, other) =>
    one instanceof Secret && other instanceof Secret ? one.equals(other) : undefined,
  );
}

/** Decodes the output of encodeProjection of this release or an earlier one. Total: any other text returns a problem, which does not quote it. */
export function decodeProjection(text: string): DecodedProjection {
  if (text.length > MAX_BYTES) return { ok: false, problem: "it is longer than a Secret" };
  return decodeProjectionJson(parseJson(text));
}

/** The same for a text that is parsed already. */
export function decodeProjectionJson(value: unknown): DecodedProjection {
  if (!isRecord(value)) return { ok: false, problem: "it is not a JSON object" };
  const content = contentOf(value);
  if (!content) return { ok: false, problem: "its version is neither 1 nor 2" };
  if (!isProjectionJson(content)) return { ok: false, problem: "a field is missing or of another type" };
  if (value.version === 1 && needsVersion2(content))
    return { ok: false, problem: "a field is not part of version 1" };
  if (content.kind !== "Application") return { ok: true, document: content };
  const keys = content.keys.map((key) => ({ ...key, apiAppSecret: Secret.of(oneCopy(key.apiAppSecret)) }));
  return { ok: true, document: compactDocument({ ...content, keys }) };
}

function sorted(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  // Without a prototype, a label named __proto__ stays a label.
  const result: Record<string, unknown> = Object.create(null);
  for (const name of names.sort()) result[name] = sorted(value[name]);
  return result;
}
