/** Every reason that an Event of the operator can have, and what it means. The names are stable: alerts may be built on them. */
export const EVENT_REASONS = {
  KeyCreated: "The first key pair waits for the verifiers.",
  KeyRotating: "A successor of the active key pair waits for the verifiers.",
  CredentialsPublished: "The credentials Secret holds another key pair than before.",
  CredentialsRestored:
    "The credentials Secret was changed or deleted by others, and holds its key pair again.",
  ProjectionRestored: "The projection was deleted by others, and is written again with the same id and keys.",
  KeyRetiring: "Callers can read the successor; the message says until when the former key is valid.",
  KeyRetired: "The overlap of a former key is over.",
  KeyRevoked: "Keys that the spec lists in revokedKeys are refused from now on.",
  Adopted: "With --restore, the object took over the projection of its namesake: its id and keys.",
  Withdrawing: "The object is deleted, and the verifiers are told to refuse it.",
  WriteRefused: "The store refused a write of the operator; the message is its own.",
} as const;

export type EventReason = keyof typeof EVENT_REASONS;
