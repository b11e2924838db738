import { createHash } from "node:crypto";
import type { ReplayProtection } from "../projection/documents.ts";
import type { Denial, SignedRequest } from "../signing/scheme.ts";
import type { Authenticated } from "./authenticate.ts";
import type { Located } from "./locate.ts";

/** The nonce of an allowed request, which may be used once. Whether it was used before is known to the nonce store alone. */
export interface NonceUse extends Protection {
  /** A digest of Application, key, scheme and nonce: 22 characters, whatever the caller sent. */
  readonly id: string;
  /** If it was used before. */
  readonly repeated: Denial;
}

/**
 * The clocks of two verifiers may differ: for so much longer than the window a nonce is remembered, in milliseconds. A date that
 * is just too old for one of them may still be accepted by the other.
 */
const CLOCK_MARGIN_MS = 5_000;
/**
 * No request is valid for longer than this after its date, since the CRD admits no longer clockSkew. The present one is not used: when it
 * is raised, requests whose date had left the window are valid again, and their nonces must still be known.
 */
const LONGEST_SKEW_MS = 900_000;

/** Replay protection of one request. */
interface Protection {
  readonly mode: ReplayProtection["mode"];
  /** How long from now a nonce has to be remembered, in milliseconds: for as long as any setting lets the request be repeated. */
  readonly windowMs: number;
}

/** Of Application and ApiDomain the stricter mode and the longer window, at an instant (epoch milliseconds). Undefined: the mode is Off. */
export function protectionOf(
  { signedAt, key: { replayProtection: own } }: Authenticated,
  { place: { domain } }: Located,
  now: number,
): Protection | undefined {
  const { replayProtection: ofDomain } = domain;
  if (!own && !ofDomain) return undefined;
  const mode = own?.mode === "Required" || ofDomain?.mode === "Required" ? "Required" : "WhenSent";
  const windowSeconds = Math.max(own?.windowSeconds ?? 0, ofDomain?.windowSeconds ?? 0);
  return {
    mode,
    windowMs: Math.max(windowSeconds * 1_000, signedAt + LONGEST_SKEW_MS - now) + CLOCK_MARGIN_MS,
  };
}

/**
 * The nonce that a request uses up, once all stages have allowed it: undefined if replay protection is off or the request signs no
 * nonce, a denial if it must sign one.
 */
export function nonceUseOf(
  request: SignedRequest,
  authenticated: Authenticated,
  located: Located,
  now: number,
): NonceUse | Denial | undefined {
  const protection = protectionOf(authenticated, located, now);
  if (!protection) return undefined;
  const { scheme, presented } = authenticated;
  const nonce = scheme.nonce.signed(request, presented);
  if (nonce === undefined) return protection.mode === "Required" ? scheme.nonce.missing : undefined;
  return { ...protection, id: idOf(authenticated, nonce), repeated: scheme.nonce.repeated };
}

/** Half of a SHA-256, in base64url: the fields before the nonce hold no line feed, so that no two lists of fields share a text. */
function idOf({ key: { application, apiAppKey }, scheme }: Authenticated, nonce: string): string {
  const text = `${application.applicationId}\n${apiAppKey}\n${scheme.name}\n${nonce}`;
  return createHash("sha256").update(text, "latin1").digest().subarray(0, 16).toString("base64url");
}
