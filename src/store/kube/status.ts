import { field, list, text } from "../../base/json.ts";
import { StoreUnavailable, type WriteOutcome } from "../store.ts";
import type { Answer } from "./connection.ts";

/** What Countersign reads of metav1.Status, the body of an answer that is not an object. */
export interface Status {
  readonly reason: string;
  readonly message: string;
  /** The name of the object that it speaks of; "" when it speaks of none. */
  readonly name: string;
  readonly causes: readonly { readonly reason: string; readonly field: string }[];
}

/** Reads a Status; a body that is none gives one of empty fields. */
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
 * How a write ended that the server did not carry out; undefined when it did. Throws StoreUnavailable where the same
 * write may succeed later. `holdsSecrets`: the refusal must not quote what was written.
 */
export function failedWrite(answer: Answer, holdsSecrets: boolean): FailedWrite | undefined {
  const code = answer.status;
  if (code >= 200 && code < 300) return undefined;
  const status = statusOf(answer.body);
  // A UID that is not the object's is a conflict, which some resources answer as a field that may not change.
  if (code === 409 || (code === 422 && status.causes.some(({ field }) => field === "metadata.uid")))
    return { kind: "conflict" };
  // Without a name it is the whole resource that is not served, as while a CRD is away: that says nothing of the object.
  if (code === 404 && status.name !== "") return { kind: "gone" };
  if (code === 403 && status.causes.some(({ reason }) => reason === "NamespaceTerminating"))
    return { kind: "terminating" };
  if (code < 400 || code === 404 || mayPass(code))
    throw new StoreUnavailable(`a write was answered ${code} ${status.reason}`.trim());
  return { kind: "refused", message: holdsSecrets ? unquoting(code, status) : status.message.slice(0, 500) };
}

/** Whether a code says that the same request may be answered later: no identity yet, too many requests, a failure of the server. */
function mayPass(code: number): boolean {
  return code === 401 || code === 408 || code === 429 || code >= 500;
}

/** The parts of a refusal that come from the cluster's rules and not from the object. */
const SAFE_PARTS = [
  /User "[^"]*" cannot \w+ resource "[^"]*" in API group "[^"]*" in the namespace "[^"]*"/,
  /exceeded quota: [^\n]*/,
  /ValidatingAdmissionPolicy '[^']*'/,
  /admission webhook "[^"]*"/,
];

/** A validator or a webhook may quote a Secret's data, so only what cannot hold any is repeated. */
function unquoting(code: number, { reason, message, causes }: Status): string {
  const known = SAFE_PARTS.map((part) => part.exec(message)?.[0]).find((part) => part !== undefined);
  const names = causes.map(({ field }) => field).filter((field) => /^[\w.]{1,60}$/.test(field));
  const detail = known ?? (names.length > 0 ? `field ${names.join(", ")}` : "");
  return `the API server refused the Secret: ${code} ${reason}${detail === "" ? "" : ` (${detail})`}`.slice(
    0,
    500,
  );
}
