import { percentDecoded } from "./parameters.ts";

/** A path as a client may have signed it. */
export interface SignedPath {
  readonly label: string;
  /** How late it is tried. */
  readonly rank: number;
  readonly text: string;
}

/**
 * The paths that a client may have signed for the one received, the documented one first: without the environment's
 * prefix; kept as received (PHP, JavaScript, Java); empty where nothing is left (PHP, Java, JavaScript); percent-decoded
 * (Go). `prefixes` are all prefixes of the host other than `/`: without them only the documented path is safe.
 */
export function signedPaths(
  path: string,
  prefix: string,
  prefixes: readonly string[] | undefined,
): readonly SignedPath[] {
  const rest = path.slice(prefix.length);
  const stripped = { label: "", rank: 0, text: rest || "/" };
  if (!prefixes) return [stripped];
  const all = prefix === "" ? prefixes : [...prefixes, prefix];
  const kept = prefix === "" ? [] : [{ label: "+environment-kept", rank: 1, text: path }];
  if (beginsWithAny(rest, all)) return kept;
  const empty = stripped.text === "/" ? [{ label: "+empty-path", rank: 2, text: "" }] : [];
  return [stripped, ...kept, ...empty, ...decodedPaths(path, prefix, all)];
}

/** A path behind a prefix that begins with a prefix again would share a string with the path that keeps its only one. */
function beginsWithAny(path: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
}

/** Decoded only where no other path decodes to the same text and means something else. */
function decodedPaths(path: string, prefix: string, prefixes: readonly string[]): readonly SignedPath[] {
  if (!path.includes("%") || /%(2f|3f|25|23|26|3b|5c)/i.test(path)) return [];
  const whole = percentDecoded(path);
  const rest = percentDecoded(path.slice(prefix.length));
  if (whole === undefined || rest === undefined || !isPlainText(whole)) return [];
  const others = prefixes.filter((other) => other.length > prefix.length);
  if (beginsWithAny(rest, prefixes) || beginsWithAny(whole, others)) return [];
  const decoded = { label: "+path-decoded", rank: 3, text: rest || "/" };
  const kept = { label: "+environment-kept+path-decoded", rank: 3, text: whole };
  return prefix === "" ? [decoded] : [decoded, kept];
}

/** UTF-8 without control characters, in which nothing reads as an escape. */
function isPlainText(text: string): boolean {
  const bytes = Buffer.from(text, "latin1");
  const isUtf8 = Buffer.from(bytes.toString("utf8"), "utf8").equals(bytes);
  const hasControl = bytes.some((byte) => byte < 0x20 || byte === 0x7f);
  return isUtf8 && !hasControl && !/%[0-9A-Fa-f]{2}/.test(text);
}
