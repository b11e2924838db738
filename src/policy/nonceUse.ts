import { createHash } from "node:crypto";
import type { ReplayProtection } from "../projection/documents.ts";
import type { Denial, SignedRequest } from "../signing/scheme.ts";
import type { Authenticated } from "./authenticate.ts";
import type { Located } from "./locate.ts";

/** The nonce of an allowed request, which may be used once. Whether it was used before is known to the nonce store alone. */
export interface NonceUse {
  readonly mode: ReplayProtection["mode"];
  /** A digest of Application, key, scheme and nonce: 22 characters, whatever the caller sent. */
  readonly id: string;
  /** How long it has to be remembered, in milliseconds: for at least as long as the request can be repeated. */
  readonly windowMs: number;
  /** If it was used before. */
  readonly repeated: Denial;
}

/**
 * The clocks of two verifiers may differ: for so much longer than the window a nonce is remembered, in milliseconds. A date that
 * is just too old for one of them may still be accepted by the other.
 */
const CLOCK_MARGIN_MS = 5_000;

/**
 * The nonce that a request uses up, once all stages have allowed it: undefined if replay protection is off or does not apply, a
 * denial if a nonce is required and none is signed. Of Application and ApiDomain the stricter mode and the longer window count.
 */
export function nonceUseOf(
  request: SignedRequest,
  authenticated: Authenticated,
  { place: { domain } }: Located,
): NonceUse | Denial | undefined {
  const { scheme, presented, key } = authenticated;
  const ofApplication = key.application.replayProtection;
  const ofDomain = domain.replayProtection;
  if (!ofApplication && !ofDomain) return undefined;
  const mode = ofApplication?.mode === "Required" || ofDomain?.mode === "Required" ? "Required" : "WhenSent";
  const nonce = scheme.nonce.signed(request, presented);
  if (nonce === undefined) return mode === "Required" ? scheme.nonce.missing : undefined;
  const windowSeconds = Math.max(
    2 * (key.application.schemes[scheme.name]?.clockSkewSeconds ?? 0),
    ofApplication?.windowSeconds ?? 0,
    ofDomain?.windowSeconds ?? 0,
  );
  const windowMs = windowSeconds * 1_000 + CLOCK_MARGIN_MS;
  return { mode, id: idOf(authenticated, nonce), windowMs, repeated: scheme.nonce.repeated };
}

/** Half of a SHA-256, in base64url: the fields before the nonce hold no line feed, so that no two lists of fields share a text. */
function idOf({ key: { application, record }, scheme }: Authenticated, nonce: string): string {
  const text = `${application.applicationId}\n${record.apiAppKey}\n${scheme.name}\n${nonce}`;
  return createHash("sha256").update(text, "latin1").digest().subarray(0, 16).toString("base64url");
}
