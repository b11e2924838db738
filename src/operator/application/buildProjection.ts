import { parseDuration } from "../../api/duration.ts";
import { type Algorithm, SCHEME_ALGORITHMS, type SchemeName } from "../../api/vocabulary.ts";
import type {
  ApplicationProjection,
  HmacSettings,
  KeyRecord,
  SchemesSettings,
} from "../../projection/documents.ts";
import { projectionHead } from "../plan/projectionHead.ts";
import { replayProtectionOf } from "../plan/replayProtection.ts";
import { isAcknowledgedByLive } from "../verifiers/acknowledgement.ts";
import { publishedKey } from "./credentials.ts";
import { readImport } from "./imported.ts";
import { nextKeys } from "./keys.ts";
import type { Living } from "./observed.ts";
import { readPublicKeys } from "./publicKeys.ts";
import { requestMet } from "./rotation.ts";

/** The number of revoked keys on record. Beyond it the oldest ones are dropped that the spec no longer lists. */
const MAX_REVOKED = 1024;

/** The desired projection of a valid Application, derived from its present one. */
export function buildProjection(living: Living, now: number): ApplicationProjection {
  const { seen, object, spec } = living;
  const { metadata } = object;
  const before = seen.projection?.document ?? seen.lost;
  const revokedKeys = revokedOf(before?.revokedKeys ?? [], spec.credentials.revokedKeys ?? []);
  const keys = nextKeys({
    keys: before?.keys ?? [],
    revoked: new Set(revokedKeys),
    credentials: spec.credentials,
    imported: readImport(living),
    fresh: seen.fresh,
    rotatedFor: before?.rotatedFor,
    mayPublish: isAcknowledgedByLive(seen.acknowledgement),
    published: publishedKey(living),
    now,
  });
  const known = new Set(before?.keys.map(({ apiAppKey }) => apiAppKey));
  const isNew = keys.some(({ apiAppKey, source }) => source === "Generated" && !known.has(apiAppKey));
  const rotatedFor = isNew
    ? requestMet(spec.credentials.rotation, before?.rotatedFor, now)
    : before?.rotatedFor;
  return {
    kind: "Application",
    ...projectionHead(metadata),
    namespace: metadata.namespace ?? "",
    applicationId: before?.applicationId ?? seen.fresh.applicationId,
    labels: metadata.labels ?? {},
    suspended: spec.suspended,
    ...(spec.expiresAt === undefined ? {} : { expiresAt: spec.expiresAt }),
    schemes: schemesOf(living),
    ...replayProtectionOf(spec),
    keys,
    ...publicKeysOf(living, keys),
    ...(rotatedFor === undefined ? {} : { rotatedFor }),
    revokedKeys,
  };
}

/** The settings of each allowed scheme. A scheme is given those of the listed algorithms that it has. */
function schemesOf({ spec: { signing } }: Living): SchemesSettings {
  return Object.fromEntries(signing.schemes.map((name) => [name, settingsOf(name, signing)]));
}

function settingsOf(name: SchemeName, signing: Living["spec"]["signing"]): HmacSettings {
  const own: readonly Algorithm[] = SCHEME_ALGORITHMS[name];
  return {
    algorithms: signing.algorithms?.filter((algorithm) => own.includes(algorithm)) ?? own,
    clockSkewSeconds: parseDuration(signing.clockSkew) / 1000,
    parameters: signing.parameters,
    openVariants: signing.openVariants ?? [],
  };
}

/**
 * Without keys the field is missing, so that the document stays in version 1. An id is never that of a key pair too, also not in the
 * write that adds the pair.
 */
function publicKeysOf(living: Living, keys: readonly KeyRecord[]): Pick<ApplicationProjection, "publicKeys"> {
  const taken = new Set(keys.map(({ apiAppKey }) => apiAppKey));
  const usable = readPublicKeys(living).usable.filter(({ keyId }) => !taken.has(keyId));
  return usable.length === 0 ? {} : { publicKeys: usable };
}

/** A revoked key stays revoked when the spec no longer lists it. */
function revokedOf(recorded: readonly string[], listed: readonly string[]): readonly string[] {
  const all = [...recorded, ...listed.filter((key) => !recorded.includes(key))];
  const excess = all.length - MAX_REVOKED;
  if (excess <= 0) return all;
  const dropped = new Set(all.filter((key) => !listed.includes(key)).slice(0, excess));
  return all.filter((key) => !dropped.has(key));
}
