import type { Denial, SignedRequest } from "../model.ts";
import { requestUnverifiable } from "../unverifiable.ts";
import type { Authorization } from "./authorizationHeader.ts";
import { DENIALS, signedHeaderMissing } from "./denials.ts";

/** The two orders in which clients write the lines of the signed headers, the documented one of the scheme Tencent first. */
export const HEADER_ORDERS = ["sorted", "listed"] as const;
export type HeaderOrder = (typeof HEADER_ORDERS)[number];

/** The lines of the signed headers in one order, without a line feed after the last. */
export function headerLines(
  request: SignedRequest,
  { signedHeaders }: Authorization,
  order: HeaderOrder,
): string {
  let lines = "";
  for (const name of signedHeaders[order]) {
    if (lines !== "") lines += "\n";
    lines += `${name}: ${signedValue(request, name)}`;
  }
  return lines;
}

/** A signed `host` is the authority as received: the proxy hands it over under that name alone. */
function signedValue(request: SignedRequest, name: string): string | undefined {
  return name === "host" ? request.authority : request.headers.single(name);
}

/**
 * Every listed header must have been sent exactly once, the headers of `always`, which the scheme signs whether they are listed or
 * not, at most once, and none may be uncertain.
 */
export function checkSignedHeaders(
  request: SignedRequest,
  { signedHeaders: { listed } }: Authorization,
  always: readonly string[],
): Denial | undefined {
  const { headers } = request;
  for (const name of listed) {
    if (headers.count(name) > 1) return DENIALS.signedHeaderRepeated;
    if (signedValue(request, name) === undefined) return signedHeaderMissing(name);
  }
  for (const name of always) if (headers.count(name) > 1) return DENIALS.signedHeaderRepeated;
  const isUncertain = (name: string) => headers.isUncertain(name);
  return always.some(isUncertain) || listed.some(isUncertain)
    ? requestUnverifiable("the proxy replaced bytes of a signed header")
    : undefined;
}

/** Whether a listed header holds a line feed, which would leave open where one line of the string to sign ends. */
export function hasLineFeed(request: SignedRequest, { signedHeaders: { listed } }: Authorization): boolean {
  return listed.some((name) => signedValue(request, name)?.includes("\n"));
}
