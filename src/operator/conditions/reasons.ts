/** Every reason that a condition can have, and what it means. */
export const REASONS = {
  Accepted: "The spec is valid.",
  Invalid: "The spec is not valid and has no effect; the message describes what to write instead.",
  PatternNotSupported:
    "A stored grant has a pattern of another product, such as *. It is matched literally, as before; the rest of the grant is in effect.",
  Conflicted: "An older ApiDomain has one of the hosts.",
  Published: "The credentials Secret holds the active key pair.",
  WaitingForKey: "The first key pair, or the successor of a revoked one, is not published yet.",
  SecretNotOurs:
    "A Secret of that name exists that this Application does not own; the operator does not change it.",
  ImportNotLabelled:
    "The Secret to import from is missing, or lacks the label that the operator selects Secrets by.",
  ImportInvalid:
    "The Secret to import from lacks ApiAppKey or ApiAppSecret, or has an unusable value, such as one that ends with a line feed.",
  ImportSecretTooShort:
    "The ApiAppSecret to import has fewer than 16 bytes and the spec does not allow short ones, or it has fewer than 10.",
  ImportSecretChanged: "The import has a different ApiAppSecret for an ApiAppKey that is in use.",
  ImportIsCredentialsSecret: "importFrom names the Secret that the operator writes.",
  ImportedKeyRevoked: "The ApiAppKey to import was revoked for this Application.",
  ApiAppKeyConflict: "The ApiAppKey to import belongs to another Application.",
  PublicKeyUnusable:
    "A key of publicKeys is no public key of its algorithm, or its keyId belongs to another Application; the other keys are in effect.",
  TooManyKeys: "The Application has the maximum number of keys; one of them must retire first.",
  Programmed:
    "Every live verifier has applied the latest state; after a removal, every verifier that has not ended.",
  WaitingForVerifiers:
    "The message names the verifiers that have not applied the latest state; for silent ones, until when at the latest and how to forget them.",
  NoVerifier: "No verifier is live, so the state is not enforced yet.",
  ProjectionUnreadable: "The object's projection cannot be read; the operator changes nothing.",
  ResolvedRefs: "Every reference of the spec resolves, or the spec has none.",
  GatewayApiMissing:
    "The spec uses targetRefs, but HTTPRoutes cannot be listed; the operator retries every minute.",
  TargetNotFound: "An HTTPRoute that targetRefs names does not exist in the namespace.",
  HostnamesRequired: "A targeted HTTPRoute has no hostnames, so their ownership cannot be checked.",
  UnsupportedMatch:
    "A targeted rule matches by more than path and method; it is not granted, and the message names it.",
  EnvironmentNotFound:
    "The ApiDomain of one of the hosts does not have the grant's environment; the grant has no effect there.",
  PathOutsideEnvironment:
    "A path of a targeted HTTPRoute is not in the grant's environment; it is not granted.",
  HostsOwned: "ApiDomains assign every host of the grant to its namespace.",
  HostNotOwned: "No ApiDomain assigns one of the hosts to this namespace; the grant has no effect there.",
  Ready: "The object is in effect as specified.",
  Suspended: "The object is as specified: suspended.",
  Expired: "The object is as specified: expired.",
  NotYetInForce: "The object is as specified: notBefore is in the future.",
  Shadowing:
    "The ApiGrant is as specified: Shadow. Its decisions are reported, and requests are allowed unless an Enforce grant names the path.",
  Deleting: "The object is being deleted; it is removed once every verifier has applied the deletion.",
  ReplacingNamesake: "The former object of this name must be withdrawn from the verifiers first.",
  OpenVariants: "The Application accepts variants that leave part of the request unsigned.",
  OnlyHeadersSigned:
    "The Application accepts the scheme TencentKeyPair, which signs neither method, path, parameters nor body.",
  ShortSecret: "A key that is in use has an ApiAppSecret of fewer than 16 bytes.",
  NotBySegments:
    "A TencentPath of the grant matches by characters or has variables that span segments; the message has what it also admits.",
  ExpiresSoon:
    "The expiresAt of the object is less than a week away. It is in effect until then; Ready is not affected.",
  KeyIsOld:
    "The active key pair is older than credentials.rotation.remindAfter. It stays valid; Ready is not affected.",
  NotUsed:
    "Last use is recorded, and for --unused-after (default: 90d) no request was allowed with the object. It stays in effect; Ready is not affected.",
  WriteRefused: "The API server refused a write of the operator; the message is from the API server.",
} as const;

export type Reason = keyof typeof REASONS;
