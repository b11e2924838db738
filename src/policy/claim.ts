import type { SchemeName } from "../api/vocabulary.ts";
import {
  DEFAULT_SCHEME,
  type Denial,
  isDenial,
  PRESENTATIONS,
  type Presentation,
  type Presented,
  requestUnverifiable,
  type SignedRequest,
  type SigningScheme,
} from "../signing/scheme.ts";
import { DENIALS } from "./denials.ts";
import type { KeyEntry } from "./index/applications.ts";
import type { ProjectionIndex } from "./index/projectionIndex.ts";
import { isSafePath } from "./pathSafety.ts";
import type { Place } from "./place.ts";
import type { Target } from "./request.ts";

/** How far authentication came: what the request presents, the key that it names, and where it lies. */
export interface Attempt {
  /** Where several schemes look the same: the one that verified, else the one that denied the request. */
  readonly scheme: SigningScheme;
  readonly presented: Presented;
  readonly key?: KeyEntry;
  readonly place?: Place | undefined;
}

/** A denial of the first stage, with what had been found out by then. */
export interface Unauthenticated {
  readonly denial: Denial;
  /** The scheme that the request presents, also if it cannot be read; undefined if it presents none, or two. */
  readonly scheme: SigningScheme | undefined;
  /** Undefined if the request presents no readable credentials. */
  readonly attempt: Attempt | undefined;
}

/** Whether the first stage denied the request. */
export function isUnauthenticated<T extends object>(
  outcome: T | Unauthenticated,
): outcome is Unauthenticated {
  return "denial" in outcome;
}

/** What is known before anything is hashed: whose signature it claims to be, and of when. */
export interface Claim extends Attempt {
  readonly key: KeyEntry;
  /** The Application's, for the scheme. */
  readonly settings: SchemeSettings;
  readonly signedAt: number;
}

type SchemeSettings = NonNullable<KeyEntry["schemes"][SchemeName]>;

/** The key that a request names, and the schemes that its signature may be of. */
export interface Signer {
  readonly presentation: Presentation;
  readonly presented: Presented;
  readonly key: KeyEntry;
}

/** Finds them. A denial reveals nothing but that the key is unknown. */
export function signerOf(
  { request, path }: Target,
  index: ProjectionIndex,
  now: number,
): Signer | Unauthenticated {
  if (!isSafePath(path)) return { denial: DENIALS.unsafePath, scheme: undefined, attempt: undefined };
  const read = presentedBy(request);
  if (isUnauthenticated(read)) return read;
  const { presentation, presented } = read;
  const key = index.applications.key(presented.keyId, now);
  if (key) return { presentation, presented, key };
  const scheme = lastOf(presentation);
  return { denial: scheme.keyUnknown, scheme, attempt: { scheme, presented } };
}

/** None of the schemes is one of the Application. */
export function schemeNotAllowed({ presentation, presented, key }: Signer): Unauthenticated {
  const scheme = lastOf(presentation);
  const isUsable = scheme.keyTypes.includes(key.key.type);
  return {
    denial: scheme.keyUnknown,
    scheme,
    attempt: isUsable ? { scheme, presented, key } : { scheme, presented },
  };
}

/** What is checked before anything is hashed. The scheme must be one of the Application's. */
export function claimUnder(
  scheme: SigningScheme,
  { presented, key }: Signer,
  { request }: Target,
  now: number,
): Claim | Unauthenticated {
  const settings = key.schemes[scheme.name];
  if (!settings || !scheme.keyTypes.includes(key.key.type))
    return { denial: scheme.keyUnknown, scheme, attempt: { scheme, presented } };
  const attempt = { scheme, presented, key };
  const algorithm = scheme.algorithmOf(presented, key.key);
  if (!isIn(scheme.algorithms, algorithm) || !isIn(settings.algorithms, algorithm))
    return { denial: scheme.algorithmUnsupported(algorithm), scheme, attempt };
  const signedAt = scheme.check(request, presented, now, settings.clockSkewSeconds * 1_000);
  if (isDenial(signedAt)) return { denial: signedAt, scheme, attempt };
  return { scheme, presented, key, settings, signedAt };
}

function isIn(names: readonly string[], name: string): boolean {
  return names.includes(name);
}

/** What a request presents, before its key is known. */
interface Read {
  readonly presentation: Presentation;
  readonly presented: Presented;
}

/** What the request presents, in exactly one way: one signature must not stand in for another. */
function presentedBy(request: SignedRequest): Read | Unauthenticated {
  let found: Read | undefined;
  for (const presentation of PRESENTATIONS) {
    const scheme = lastOf(presentation);
    const presented = scheme.read(request);
    if (presented === undefined) continue;
    if (isDenial(presented)) return { denial: presented, scheme, attempt: undefined };
    if (found) return TWO_SCHEMES;
    found = { presentation, presented };
  }
  return found ?? NO_SCHEME;
}

/** Its denials are those of an Application that allows none of the schemes. */
function lastOf(presentation: Presentation): SigningScheme {
  return presentation.at(-1) as SigningScheme;
}

const TWO_SCHEMES: Unauthenticated = {
  denial: requestUnverifiable("it presents signatures of two schemes"),
  scheme: undefined,
  attempt: undefined,
};
const NO_SCHEME: Unauthenticated = {
  denial: DEFAULT_SCHEME.missing,
  scheme: undefined,
  attempt: undefined,
};
