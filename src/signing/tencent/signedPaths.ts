import { decodedPath } from "../decodedPath.ts";
import { percentDecoded } from "../percentDecoded.ts";

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
  const text = documentedPath(path, prefix, prefixes);
  const stripped = text === undefined ? [] : [{ label: "", rank: 0, text }];
  if (!prefixes) return stripped;
  const kept = prefix === "" ? [] : [{ label: "+environment-kept", rank: 1, text: path }];
  if (text === undefined) return kept;
  const empty = text === "/" ? [{ label: "+empty-path", rank: 2, text: "" }] : [];
  const all = prefix === "" ? prefixes : [...prefixes, prefix];
  return [...stripped, ...kept, ...empty, ...decodedPaths(path, prefix, all)];
}

/**
 * The path without the environment's prefix. Undefined where what is left begins with a prefix again: `/test/test/x` with
 * `/test` cut and `/test/x` with it kept would both be signed as `/test/x`, so neither is accepted that way.
 */
export function documentedPath(
  path: string,
  prefix: string,
  prefixes: readonly string[] | undefined,
): string | undefined {
  const rest = prefix === "" ? path : path.slice(prefix.length);
  const isAmbiguous =
    prefixes !== undefined && (beginsWithAny(rest, prefixes) || (prefix !== "" && beginsWith(rest, prefix)));
  return isAmbiguous ? undefined : rest || "/";
}

function beginsWithAny(path: string, prefixes: readonly string[]): boolean {
  for (const prefix of prefixes) if (beginsWith(path, prefix)) return true;
  return false;
}

function beginsWith(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === "/");
}

function decodedPaths(path: string, prefix: string, prefixes: readonly string[]): readonly SignedPath[] {
  const whole = decodedPath(path);
  const rest = whole === undefined ? undefined : percentDecoded(path.slice(prefix.length));
  if (whole === undefined || rest === undefined) return [];
  const others = prefixes.filter((other) => other.length > prefix.length);
  if (beginsWithAny(rest, prefixes) || beginsWithAny(whole, others)) return [];
  const decoded = { label: "+path-decoded", rank: 3, text: rest || "/" };
  const kept = { label: "+environment-kept+path-decoded", rank: 3, text: whole };
  return prefix === "" ? [decoded] : [decoded, kept];
}
