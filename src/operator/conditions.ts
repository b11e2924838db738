import type { Condition } from "../api/meta.ts";
import { EPOCH, timestamp } from "../base/timestamp.ts";

/** Types of conditions. */
type ConditionType =
  | "Accepted"
  | "CredentialsReady"
  | "ResolvedRefs"
  | "HostsOwned"
  | "Programmed"
  | "Ready"
  | "WeakSigning"
  | "Stalled";

/** What a condition says; when and of which generation is added on writing. */
export interface Claim {
  readonly type: ConditionType;
  readonly status: Condition["status"];
  readonly reason: Reason;
  readonly message: string;
}

/** A claim, or a condition from before that goes on to hold. */
export type Said = Pick<Condition, "type" | "status" | "reason" | "message">;

/** Every reason that a condition can have, and what it means. */
export const REASONS = {
  Accepted: "The spec is valid.",
  Invalid: "The spec is not valid and has no effect; the message says what to write instead.",
  PatternNotSupported:
    "A stored grant holds a pattern of another product, such as *; it is matched literally, as before, and the rest is in effect.",
  Conflicted: "An older ApiDomain has one of the hosts.",
  Published: "The credentials Secret holds the active key pair.",
  WaitingForKey: "The first key pair, or the successor of a revoked one, is on its way.",
  SecretNotOurs: "A Secret of that name exists that this Application does not own; it is left alone.",
  ImportNotLabelled: "The Secret to import from is absent, or lacks the label by which the operator sees it.",
  ImportInvalid:
    "The Secret to import from lacks ApiAppKey or ApiAppSecret, or holds an unusable one, such as one that ends with a line feed.",
  ImportSecretTooShort: "The ApiAppSecret to import has fewer than 16 bytes.",
  ImportSecretChanged: "The import holds another ApiAppSecret for an ApiAppKey that is in use.",
  ImportIsCredentialsSecret: "importFrom names the Secret that the operator writes.",
  ImportedKeyRevoked: "The ApiAppKey to import was revoked for this Application.",
  ApiAppKeyConflict: "The ApiAppKey to import belongs to another Application.",
  TooManyKeys: "The Application has as many keys as it may; one of them must retire first.",
  Programmed:
    "Every live verifier has applied the latest state; after a removal, every verifier that has not ended.",
  WaitingForVerifiers:
    "The message names the verifiers that have not applied the latest state; for silent ones, until when at the latest and how to forget them.",
  NoVerifier: "No verifier is live, so nothing is enforced anywhere yet.",
  ProjectionUnreadable: "The operator's own record of the object cannot be read; nothing is changed.",
  ResolvedRefs: "The spec refers to nothing, or to what is there.",
  GatewayApiMissing:
    "targetRefs are used, but no HTTPRoutes can be seen; it is looked for again each minute.",
  TargetNotFound: "An HTTPRoute that targetRefs names does not exist in the namespace.",
  HostnamesRequired: "A targeted HTTPRoute names no hostnames, so no ApiDomain can give them.",
  UnsupportedMatch:
    "A targeted rule matches by more than path and method; it is not granted, and the message names it.",
  EnvironmentNotFound:
    "The ApiDomain of one of the hosts has no environment of the grant's name; there the grant has no effect.",
  PathOutsideEnvironment:
    "A path of a targeted HTTPRoute does not lie in the grant's environment; it is not granted.",
  HostsOwned: "ApiDomains give every host of the grant to its namespace.",
  HostNotOwned: "No ApiDomain gives one of the hosts to this namespace; there the grant has no effect.",
  Ready: "It is as was asked.",
  Suspended: "It is as was asked: suspended.",
  Expired: "It is as was asked: expired.",
  NotYetInForce: "It is as was asked: notBefore lies ahead.",
  Deleting: "The object is deleted as soon as no verifier knows it any more.",
  ReplacingNamesake: "The former object of this name is withdrawn from the verifiers first.",
  OpenVariants: "The Application accepts forms that leave part of the request unsigned.",
  WriteRefused: "The API server refused a write of the operator; the message is its own.",
} as const;

export type Reason = keyof typeof REASONS;

/** The claims as conditions; a time is kept as long as the status of its condition is. */
export function conditionsOf(
  claims: readonly Said[],
  before: readonly Condition[] | undefined,
  generation: number,
  now: number,
): readonly Condition[] {
  return claims.map(({ type, status, reason, message }) => {
    const old = before?.find((one) => one.type === type);
    const kept = old && old.status === status && old.lastTransitionTime !== EPOCH;
    return {
      type,
      status,
      reason,
      message,
      observedGeneration: generation,
      lastTransitionTime: kept ? old.lastTransitionTime : timestamp(now),
    };
  });
}

/** Names a few and tells how many more there are. */
export function listed(names: readonly string[], most = 5): string {
  const more = names.length - most;
  return names.slice(0, most).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
