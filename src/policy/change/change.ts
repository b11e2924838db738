import { isDeepStrictEqual } from "node:util";
import { SCHEME_NAMES } from "../../api/vocabulary.ts";
import type {
  ApiDomainProjection,
  ApplicationProjection,
  HmacSettings,
  Projection,
  PublicKeyRecord,
  SchemesSettings,
} from "../../projection/documents.ts";
import type { Change } from "../../projection/feed.ts";
import { grantOnlyAdds } from "./grantChange.ts";
import { endsNoEarlier, includes, type Times } from "./rules.ts";

/**
 * Whether a new document only adds access to the one before, or may remove some. A removal is reported as done only when
 * every verifier has it; an addition need not wait for those that are silent. What cannot be proven to only add counts as
 * a removal. Compares two documents of one object: that a new grant of a longer path, or a new ApiDomain, takes paths or
 * hosts from other objects is not looked at.
 */
export function changeOf(before: Projection | undefined, after: Projection, times: Times): Change {
  if (before === undefined) return "Addition";
  return onlyAdds(before, after, times) ? "Addition" : "Removal";
}

function onlyAdds(before: Projection, after: Projection, times: Times): boolean {
  // A tombstone allows nothing, so nothing can be removed from it.
  if (before.tombstone) return true;
  if (after.tombstone || before.uid !== after.uid || before.createdAt !== after.createdAt) return false;
  if (before.kind === "Application" && after.kind === "Application")
    return applicationOnlyAdds(before, after, times);
  if (before.kind === "ApiGrant" && after.kind === "ApiGrant") return grantOnlyAdds(before, after, times);
  if (before.kind === "ApiDomain" && after.kind === "ApiDomain") return domainOnlyAdds(before, after);
  return false;
}

function applicationOnlyAdds(
  before: ApplicationProjection,
  after: ApplicationProjection,
  times: Times,
): boolean {
  return (
    before.applicationId === after.applicationId &&
    // A selector may want a label to be missing, so a label that is added may remove.
    isDeepStrictEqual(before.labels, after.labels) &&
    (before.suspended || !after.suspended) &&
    endsNoEarlier(before.expiresAt, after.expiresAt, times) &&
    includes(before.revokedKeys, after.revokedKeys) &&
    schemesOnlyAdd(before.schemes, after.schemes) &&
    protectsNoMore(before, after) &&
    before.keys.every((key) => isKeyKept(key, after, times)) &&
    (before.publicKeys ?? []).every((key) => isPublicKeyKept(key, after, times))
  );
}

function schemesOnlyAdd(before: SchemesSettings, after: SchemesSettings): boolean {
  return SCHEME_NAMES.every((name) => settingsOnlyAdd(before[name], after[name]));
}

function settingsOnlyAdd(before: HmacSettings | undefined, after: HmacSettings | undefined): boolean {
  if (before === undefined) return true;
  return (
    after !== undefined &&
    includes(after.algorithms, before.algorithms) &&
    includes(after.openVariants, before.openVariants) &&
    after.clockSkewSeconds >= before.clockSkewSeconds &&
    (after.parameters === before.parameters || after.parameters === "Either")
  );
}

/** Whether replay protection, if it changes at all, is turned off. A longer window, like a stricter mode, denies more. */
function protectsNoMore(
  { replayProtection: before }: Pick<ApplicationProjection, "replayProtection">,
  { replayProtection: after }: Pick<ApplicationProjection, "replayProtection">,
): boolean {
  return after === undefined || isDeepStrictEqual(before, after);
}

/** A key that has retired is denied by every verifier's own clock, so that it can go from the record. */
function isKeyKept(
  { apiAppKey, apiAppSecret, retiresAt }: ApplicationProjection["keys"][number],
  after: ApplicationProjection,
  times: Times,
): boolean {
  if (retiresAt !== undefined && Date.parse(retiresAt) <= times.now) return true;
  const kept = after.keys.find((key) => key.apiAppKey === apiAppKey);
  return kept?.apiAppSecret.equals(apiAppSecret) === true && endsNoEarlier(retiresAt, kept.retiresAt, times);
}

function isPublicKeyKept(
  { keyId, publicKey, expiresAt }: PublicKeyRecord,
  { publicKeys = [] }: ApplicationProjection,
  times: Times,
): boolean {
  if (expiresAt !== undefined && Date.parse(expiresAt) <= times.now) return true;
  const kept = publicKeys.find((key) => key.keyId === keyId);
  return kept?.publicKey === publicKey && endsNoEarlier(expiresAt, kept.expiresAt, times);
}

/** A further environment takes the paths below its prefix from the one that had them. */
function domainOnlyAdds(before: ApiDomainProjection, after: ApiDomainProjection): boolean {
  return (
    includes(after.hosts, before.hosts) &&
    isDeepStrictEqual(before.environments, after.environments) &&
    protectsNoMore(before, after) &&
    (isDeepStrictEqual(before.namespaces, after.namespaces) ||
      (before.namespaces.kind === "names" &&
        after.namespaces.kind === "names" &&
        includes(after.namespaces.names, before.namespaces.names)))
  );
}
