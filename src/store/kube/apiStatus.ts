import { field, list, text } from "../../base/json.ts";
import { StoreUnavailable, type WriteOutcome } from "../store.ts";
import type { Answer } from "./connection.ts";

/** The used fields of metav1.Status, the body of a response without an object. */
export interface Status {
  readonly reason: string;
  readonly message: string;
  /** The name of the object that it is about; "" if missing. */
  readonly name: string;
  readonly causes: readonly { readonly reason: string; readonly field: string }[];
}

/** Reads a Status; any other body returns one with empty fields. */
export function statusOf(body: unknown): Status {
  return {
    reason: text(field(body, "reason")),
    message: text(field(body, "message")),
    name: text(field(body, "details", "name")),
    causes: list(field(body, "details", "causes")).map((cause) => ({
      reason: text(field(cause, "reason")),
      field: text(field(cause, "field")),
    })),
  };
}

export type FailedWrite = Exclude<WriteOutcome, { kind: "written" }>;

/**
 * The outcome of a write that the server did not carry out; undefined if it did. Throws StoreUnavailable if the same write may
 * succeed later. `holdsSecrets`: the refusal must not quote the written content.
 */
export function failedWrite(answer: Answer, holdsSecrets: boolean): FailedWrite | undefined {
  const code = answer.status;
  if (code >= 200 && code < 300) return undefined;
  const status = statusOf(answer.body);
  // A wrong UID is a conflict, which some resources report as a change of an immutable field.
  if (code === 409 || (code === 422 && status.causes.some(({ field }) => field === "metadata.uid")))
    return { kind: "conflict" };
  // Without a name the whole resource is not served, such as while a CRD is missing: the object may still exist.
  if (code === 404 && status.name !== "") return { kind: "gone" };
  if (code === 403 && status.causes.some(({ reason }) => reason === "NamespaceTerminating"))
    return { kind: "terminating" };
  if (code < 400 || code === 404 || mayPass(code))
    throw new StoreUnavailable(`a write returned ${code} ${status.reason}`.trim());
  return { kind: "refused", message: holdsSecrets ? unquoting(code, status) : status.message.slice(0, 500) };
}

/** Whether the same request may succeed later: unauthenticated, too many requests, or a server failure. */
function mayPass(code: number): boolean {
  return code === 401 || code === 408 || code === 429 || code >= 500;
}

/** The parts of a refusal that come from cluster rules, not from the object. */
const SAFE_PARTS = [
  /User "[^"]*" cannot \w+ resource "[^"]*" in API group "[^"]*" in the namespace "[^"]*"/,
  /exceeded quota: [^\n]*/,
  /ValidatingAdmissionPolicy '[^']*'/,
  /admission webhook "[^"]*"/,
];

/** A validator or a webhook may quote a Secret's data, so only parts that cannot have secrets are repeated. */
function unquoting(code: number, { reason, message, causes }: Status): string {
  const known = SAFE_PARTS.map((part) => part.exec(message)?.[0]).find((part) => part !== undefined);
  const names = causes.map(({ field }) => field).filter((field) => /^[\w.]{1,60}$/.test(field));
  const detail = known ?? (names.length > 0 ? `field ${names.join(", ")}` : "");
  return `the API server refused the Secret: ${code} ${reason}${detail === "" ? "" : ` (${detail})`}`.slice(
    0,
    500,
  );
}
