import type { KeyObject } from "node:crypto";
import type { Algorithm, DenialCode, OpenVariant, ParameterSetting, SchemeName } from "../api/vocabulary.ts";
import type { HmacKey } from "./hmacKey.ts";

/**
 * A request as the verifier sees it. All text is a byte string: one char a byte (latin1), so that what is hashed is
 * what arrived, whatever its encoding; sorting such text sorts by bytes.
 */
export interface SignedRequest {
  readonly method: string;
  /** Path and query exactly as received, before any route changed them. */
  readonly path: string;
  /** The authority as received, with port and in its own case; it is what a signed `host` means. */
  readonly authority: string;
  readonly headers: Headers;
  readonly body: Body;
}

/** The header lines of a request. Names are in lower case. */
export interface Headers {
  /** The value of a header that was sent exactly once. */
  single(name: string): string | undefined;
  /** How many lines have this name. */
  count(name: string): number;
  /** Whether the proxy may have changed the value on the way to us: a signature over it proves nothing. */
  isUncertain(name: string): boolean;
  /** Each name once. For diagnosis. */
  names(): Iterable<string>;
}

/** The whole body, none, or one whose bytes are not known for certain: then no signature that depends on it can be verified. */
export type Body =
  | { readonly kind: "none" }
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  | { readonly kind: "unverifiable"; readonly why: string };

/** Header lines in memory, in the order received. A Map, since `__proto__` and `constructor` are header names too. */
export class HeaderLines implements Headers {
  readonly #lines = new Map<string, string[]>();
  readonly #uncertain: ReadonlySet<string>;

  constructor(
    lines: Iterable<readonly [name: string, value: string]>,
    uncertain: ReadonlySet<string> = new Set(),
  ) {
    this.#uncertain = uncertain;
    for (const [name, value] of lines) {
      const lower = name.toLowerCase();
      const values = this.#lines.get(lower);
      if (values) values.push(value);
      else this.#lines.set(lower, [value]);
    }
  }

  single(name: string): string | undefined {
    const values = this.#lines.get(name);
    return values?.length === 1 ? values[0] : undefined;
  }

  count(name: string): number {
    return this.#lines.get(name)?.length ?? 0;
  }

  isUncertain(name: string): boolean {
    return this.#uncertain.has(name);
  }

  names(): IterableIterator<string> {
    return this.#lines.keys();
  }
}

/** Why a request is denied: an HTTP status, a code that never changes, and a message for the caller. */
export class Denial {
  readonly status: 400 | 401 | 403 | 503;
  readonly code: DenialCode;
  /** A byte string: it may quote what the caller sent. */
  readonly message: string;

  constructor(status: Denial["status"], code: DenialCode, message: string) {
    this.status = status;
    this.code = code;
    this.message = message;
  }
}

/** Whether a check returned a denial. */
export function isDenial(outcome: unknown): outcome is Denial {
  return outcome instanceof Denial;
}

/** What a request presents of one scheme: parsed, and not believed yet. */
export interface Presented {
  readonly keyId: string;
  /** In lower case; not yet known to be supported. Empty if the request names none, as far as the scheme allows that. */
  readonly algorithm: string;
}

/** A secret or a public key, made ready for many signatures. */
export type VerificationKey = HmacKey | KeyObject;

/** Where in its host's environments a request lies, as far as a string to sign depends on it. */
export interface SignedPlace {
  /** The environment's prefix that the path begins with, such as `/release`; "" without one. */
  readonly environmentPrefix: string;
  /**
   * All prefixes of the host's environments other than `/`. Where they are not known, paths are accepted in the
   * documented variant alone, since any other could be that of a request to another environment.
   */
  readonly environmentPrefixes?: readonly string[];
  /** The environment's name; undefined where the path lies in none. */
  readonly environment?: string;
}

/** One way to write the string to sign. The same object each time, so that it can be a key of caches. */
export interface Variant {
  readonly scheme: SchemeName;
  /** As logs, metrics and headers name it. */
  readonly name: string;
  /** The open variants that it needs. */
  readonly openVariants: readonly OpenVariant[];
}

/** A string to sign that a client may have meant. */
export interface Candidate {
  readonly variant: Variant;
  readonly stringToSign: string;
}

/** What is remembered of a key: hints for speed, which open nothing. */
export interface VerifyHint {
  /** The variant that verified last, of this scheme: tried first. */
  readonly variant?: Variant | undefined;
  /** Only the documented and the remembered variant, for a key that fails too often. */
  readonly likelyOnly?: boolean | undefined;
}

/** A request that is to be signed; all text is byte strings. */
export interface RequestToSign {
  readonly method: string;
  /** Path and query as they will be sent. */
  readonly path: string;
  readonly authority: string;
  /** What the caller sends anyway. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Buffer;
  /** Prefix that the gateway cuts, such as `/release`. */
  readonly environmentPrefix?: string;
  /** For schemes whose nonce is no header. */
  readonly nonce?: string;
}

/** What a caller signs with. */
export interface KeyPair {
  readonly keyId: string;
  readonly secret: string;
  readonly algorithm: string;
}

export interface Signed {
  /** Headers to add to the request. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly stringToSign: string;
}

/** One signature to verify, and over what. `S` are the Application's settings for the scheme. */
export interface SignatureInput<P extends Presented, S> {
  readonly request: SignedRequest;
  readonly presented: P;
  readonly key: VerificationKey;
  readonly place: SignedPlace;
  readonly settings: S;
}

/** What an admin would have to set on the Application; what is not named may stay as it is. */
export interface NearMiss {
  /** The name of the variant that would match. */
  readonly variant: string;
  readonly parameters?: ParameterSetting;
  /** Variants to add to those that are open already. */
  readonly openVariants?: readonly OpenVariant[];
  /** Schemes to add to those that are allowed already. */
  readonly schemes?: readonly SchemeName[];
}

/**
 * One way in which callers sign requests. Pure: the same arguments give the same result. The stages call its parts in this
 * order, each only when those before it found nothing to deny.
 */
export interface SigningScheme<P extends Presented = Presented, S = unknown> {
  readonly name: SchemeName;
  /**
   * Headers that hold a caller's credentials, in lower case: an upstream gets them only on request. Envoy must allow their removal
   * (MUTABLE_HEADERS of api/envoy.ts), and replies 500 where it does not: none but `authorization` can be here.
   */
  readonly credentialHeaders: readonly string[];
  /** The settings of an Application that sets none. */
  readonly defaultSettings: S;
  /** Of a request that presents nothing of any scheme. */
  readonly missing: Denial;
  /** Undefined: the request presents nothing of this scheme. */
  read(request: SignedRequest): P | Denial | undefined;
  /** The key that it presents is unknown, revoked or retired. */
  readonly keyUnknown: Denial;
  /** Every algorithm that there is; an Application lists those that it allows. */
  readonly algorithms: readonly Algorithm[];
  algorithmUnsupported(name: string): Denial;
  /** The kinds of keys that verify() takes: `secret` for those of key pairs. A key of another kind is denied as unknown. */
  readonly keyTypes: readonly VerificationKey["type"][];
  /** The algorithm that verify() uses: the one that is presented, or the one that the key is for. */
  algorithmOf(presented: P, key: VerificationKey): string;
  /**
   * Cheap checks before anything is hashed: that what is signed was sent once, and when it was signed, at most `skewMs` from
   * `now`. Returns that instant, in epoch milliseconds.
   */
  check(request: SignedRequest, presented: P, now: number, skewMs: number): number | Denial;
  /** The body that verify() will hash; undefined if it hashes none. */
  bodyToHash(request: SignedRequest): Buffer | undefined;
  /** Hashes such a body of the request in steps of up to 256 KiB. verify() uses the result if it gets the same Buffer object. */
  hashInSteps(body: Buffer, request: SignedRequest): Iterator<void>;
  /** The variant of the string to sign that the signature is over; the only check that costs much. */
  verify(input: SignatureInput<P, S>, hint?: VerifyHint): Variant | Denial;
  /** Signs as the scheme documents it; `more` names further headers to sign. */
  sign(request: RequestToSign, pair: KeyPair, now: Date, more?: readonly string[]): Signed;
  readonly nonce: NonceField<P>;
  readonly diagnose: Diagnose<P, S>;
  readonly voice: Voice;
}

/** How callers of a scheme send a nonce, for replay protection (docs/replay-protection.md). */
interface NonceField<P extends Presented = Presented> {
  /**
   * The nonce that the signature covers, as a byte string; undefined if it covers none or an empty one. A nonce that is sent but not
   * signed must not be returned: anybody could change it. Called only after verify() has returned a variant. The text may
   * be as long as a header; only a digest of it is stored. Two requests of one key with different nonces must have different strings to sign.
   */
  signed(request: SignedRequest, presented: P): string | undefined;
  /** The request signs no nonce, and its Application or ApiDomain requires one; code NonceMissing. */
  readonly missing: Denial;
  /** A request with the same nonce was allowed before; code NonceRepeated. */
  readonly repeated: Denial;
}

/** For errors, `explain` and `replay`: decides nothing. */
interface Diagnose<P extends Presented, S> {
  /** The strings that verify() tries, in its order. */
  candidates(input: SignatureInput<P, S>): Iterable<Candidate>;
  /** The string of the documented variant, without guards. */
  documented(input: Omit<SignatureInput<P, S>, "key" | "settings">): string;
  isSignatureOf(stringToSign: string, input: Pick<SignatureInput<P, S>, "presented" | "key">): boolean;
  /** Under which other settings a request would verify that verify() denied with SignatureMismatch; it costs as much as a few of those. */
  nearMiss(input: SignatureInput<P, S>): NearMiss | undefined;
  /**
   * What the caller of a signature that does not match probably did, each as a sentence with the remedy. Only mistakes
   * that explain the very signature.
   */
  mistakes(input: SignatureInput<P, S>): readonly string[];
  /** When the request was signed, according to its own date, which may be unsigned; epoch milliseconds. */
  sentAt(request: SignedRequest): number | undefined;
  /** Names of the headers that the caller claims to have signed. */
  signedHeaders(presented: P): readonly string[];
}

/** How denials are worded for callers of the scheme. */
export interface Voice {
  /** The value of WWW-Authenticate. */
  readonly challenge: string;
  /** Further headers of a denial. */
  headers(
    denial: Pick<Denial, "message" | "code">,
    requestId: string,
  ): readonly (readonly [string, string])[];
  /** The body of a denial. */
  body(denial: Pick<Denial, "message" | "code">, requestId: string): string;
}
