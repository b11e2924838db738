import { PARTIAL_BODY_HEADER } from "../api/envoy.ts";
import type { ProxySign } from "../observe/proxySigns.ts";
import { splitTarget } from "../policy/pathSafety.ts";
import type { CheckAttributes } from "./wire/checkRequest.ts";
import type { HeaderOffsets } from "./wire/headerOffsets.ts";

/** A Check that leaves less time than this is decided too late on a busy machine; milliseconds. */
const SHORT_DEADLINE_MS = 100;

/** What normalisation would have changed: folded slashes, dot segments, backslashes, escapes of unreserved characters. */
const NOT_NORMALISED = /\/\/|\/\.{1,2}(?:\/|$)|\\|%(?:2[de]|3[0-9]|[46][1-9a-f]|[57][0-9a]|5f|7e)/i;

/** Two lines of one of these that were joined: each has at most one of what is counted here. */
const ONCE: readonly (readonly [name: string, joined: RegExp])[] = [
  ["authorization", /,\s*hmac\s/i],
  ["x-date", /GMT\s*,/i],
  ["content-md5", /,/],
];

/** Counts what the proxy's Checks show of its configuration. Holds no word of a request. */
export class ObservedProxy {
  readonly #counter: { inc(sign: ProxySign): void };

  constructor(counter: { inc(sign: ProxySign): void }) {
    this.#counter = counter;
  }

  /** `leftMs` is the time until the proxy gives up; `maxRequestBytes` the length from which a body may be cut. */
  note(attributes: CheckAttributes, leftMs: number, maxRequestBytes: number): void {
    for (const sign of signsOf(attributes, leftMs, maxRequestBytes)) this.#counter.inc(sign);
  }
}

/** What one Check shows. */
export function signsOf(
  attributes: CheckAttributes,
  leftMs: number,
  maxRequestBytes: number,
): readonly ProxySign[] {
  const { isRaw, lines } = attributes;
  const signs: ProxySign[] = ["Check", isRaw ? "HeadersRaw" : "HeadersMap"];
  const body = bodySign(attributes, lines, maxRequestBytes);
  if (body) signs.push(body);
  if (ONCE.some(([name, joined]) => joined.test(lines.first(name) ?? ""))) signs.push("HeaderJoined");
  if (NOT_NORMALISED.test(pathOf(attributes, lines))) signs.push("PathNotNormalised");
  if (leftMs < SHORT_DEADLINE_MS) signs.push("DeadlineShort");
  if (attributes.contextExtensions.size > 0) signs.push("ContextExtensions");
  return signs;
}

function bodySign(
  { body, rawBody }: CheckAttributes,
  lines: HeaderOffsets,
  maxRequestBytes: number,
): ProxySign | undefined {
  const flag = lines.first(PARTIAL_BODY_HEADER);
  const length = Math.max(body.length, rawBody.length);
  if (flag === undefined)
    return /[1-9]/.test(lines.first("content-length") ?? "") ? "BodyMissing" : undefined;
  if (flag !== "false") return "BodyPartial";
  if (length >= maxRequestBytes) return "BodyAtLimit";
  if (body.length > 0) return "BodyAsText";
  return rawBody.length > 0 ? "BodyWhole" : undefined;
}

function pathOf({ path }: CheckAttributes, lines: HeaderOffsets): string {
  return splitTarget(lines.first(":path") ?? path).path;
}
