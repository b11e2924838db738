/** Every reason that an Event of the operator can have, and what it means. The names are stable: alerts may be built on them. */
export const EVENT_REASONS = {
  KeyCreated: "The first key pair waits for the verifiers.",
  KeyRotating: "A successor of the active key pair waits for the verifiers.",
  CredentialsPublished: "The credentials Secret holds a different key pair than before.",
  CredentialsRestored:
    "The credentials Secret was changed or deleted by another client; the operator restored its key pair.",
  ProjectionRestored:
    "The projection was deleted by another client; the operator recreated it with the same id and keys.",
  KeyRetiring:
    "Callers can read the successor; the message contains the time until which the former key is valid.",
  KeyRetired: "The overlap of a former key has ended.",
  KeyRevoked: "Keys that the spec lists in revokedKeys are denied from now on.",
  ExpiresSoon: "The expiresAt of an Application or ApiGrant is less than a week away. Recorded once.",
  KeyIsOld:
    "The active key pair has become older than credentials.rotation.remindAfter. Recorded once for each key pair.",
  NotUsed:
    "For --unused-after no request was allowed with the Application or ApiGrant. Recorded when the condition Unused is added.",
  Adopted:
    "With --restore, the object took over the projection of the former object of its name, with its id and keys.",
  Withdrawing: "The object is being deleted; the verifiers are instructed to deny it.",
  WriteRefused: "The store refused a write of the operator; the message is from the store.",
} as const;

export type EventReason = keyof typeof EVENT_REASONS;
