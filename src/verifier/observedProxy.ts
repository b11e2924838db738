import { PARTIAL_BODY_HEADER } from "../api/envoy.ts";
import { PROXY_SIGNS, type ProxySign } from "../observe/proxySigns.ts";
import { splitTarget } from "../policy/pathSafety.ts";
import type { CheckAttributes, HeaderLine } from "./wire/checkRequest.ts";

/** A Check that leaves less time than this is decided too late on a busy machine; milliseconds. */
const SHORT_DEADLINE_MS = 100;

/** What normalisation would have changed: folded slashes, dot segments, backslashes, escapes of unreserved characters. */
const NOT_NORMALISED = /\/\/|\/\.{1,2}(?:\/|$)|\\|%(?:2[de]|3[0-9]|[46][1-9a-f]|[57][0-9a]|5f|7e)/i;

/** Two lines of one of these that were joined: each has at most one of what is counted here. */
const ONCE: Readonly<Record<string, RegExp>> = {
  authorization: /,\s*hmac\s/i,
  "x-date": /GMT\s*,/i,
  "content-md5": /,/,
};

/** Counts, since the start, what the proxy's Checks show of its configuration. Holds no word of a request. */
export class ObservedProxy {
  readonly #counts = new Map<ProxySign, number>(PROXY_SIGNS.map((sign) => [sign, 0]));

  /** `leftMs` is the time until the proxy gives up; `maxRequestBytes` the length from which a body may be cut. */
  note(attributes: CheckAttributes, leftMs: number, maxRequestBytes: number): void {
    for (const sign of signsOf(attributes, leftMs, maxRequestBytes))
      this.#counts.set(sign, (this.#counts.get(sign) ?? 0) + 1);
  }

  counts(): ReadonlyMap<ProxySign, number> {
    return this.#counts;
  }
}

/** What one Check shows. */
export function signsOf(
  attributes: CheckAttributes,
  leftMs: number,
  maxRequestBytes: number,
): readonly ProxySign[] {
  const isRaw = attributes.headerMap.length > 0;
  const lines = isRaw ? attributes.headerMap : attributes.headers;
  const signs: ProxySign[] = ["Check", isRaw ? "HeadersRaw" : "HeadersMap"];
  const body = bodySign(attributes, lines, maxRequestBytes);
  if (body) signs.push(body);
  if (lines.some(([name, value]) => ONCE[name]?.test(value))) signs.push("HeaderJoined");
  if (NOT_NORMALISED.test(pathOf(attributes, lines))) signs.push("PathNotNormalised");
  if (leftMs < SHORT_DEADLINE_MS) signs.push("DeadlineShort");
  if (attributes.contextExtensions.size > 0) signs.push("ContextExtensions");
  return signs;
}

function bodySign(
  { body, rawBody }: CheckAttributes,
  lines: readonly HeaderLine[],
  maxRequestBytes: number,
): ProxySign | undefined {
  const flag = lineOf(lines, PARTIAL_BODY_HEADER);
  const length = Math.max(body.length, rawBody.length);
  if (flag === undefined)
    return /[1-9]/.test(lineOf(lines, "content-length") ?? "") ? "BodyMissing" : undefined;
  if (flag !== "false") return "BodyPartial";
  if (length >= maxRequestBytes) return "BodyAtLimit";
  if (body.length > 0) return "BodyAsText";
  return rawBody.length > 0 ? "BodyWhole" : undefined;
}

function lineOf(lines: readonly HeaderLine[], wanted: string): string | undefined {
  return lines.find(([name]) => name === wanted)?.[1];
}

function pathOf({ path }: CheckAttributes, lines: readonly HeaderLine[]): string {
  return splitTarget(lineOf(lines, ":path") ?? path).path;
}
