import type { Lifetime } from "../plan/lifetime.ts";
import type { ConditionDraft } from "./conditionDraft.ts";
import type { Reason } from "./reasons.ts";

/** Accepted: the spec is valid. */
export function accepted(): ConditionDraft {
  return { type: "Accepted", status: "True", reason: "Accepted", message: "The spec is valid" };
}

/** Ready: repeats the first condition that is False, else the first that is Unknown. */
export function ready(drafts: readonly ConditionDraft[], lifetime: Lifetime, now: number): ConditionDraft {
  const first =
    drafts.find(({ status }) => status === "False") ?? drafts.find(({ status }) => status === "Unknown");
  if (first) return { ...first, type: "Ready" };
  const [reason, message] = inEffect(lifetime, now);
  return { type: "Ready", status: "True", reason, message };
}

const SHADOWING =
  "Requests for paths that only Shadow grants name are allowed, also those that would be denied; countersign_shadowed_requests_total counts them. Set spec.enforcement to Enforce to deny them";

/** Shadowing: False for a Shadow grant that is not in force; an Enforce grant does not have the condition. */
export function shadowing(lifetime: Lifetime, now: number): readonly ConditionDraft[] {
  if (lifetime.enforcement !== "Shadow") return [];
  const [reason, message] = inEffect(lifetime, now);
  return [{ type: "Shadowing", status: reason === "Shadowing" ? "True" : "False", reason, message }];
}

function inEffect(
  { suspended, notBefore, expiresAt, enforcement }: Lifetime,
  now: number,
): readonly [Reason, string] {
  if (suspended) return ["Suspended", "It is suspended, as its spec requires"];
  if (expiresAt !== undefined && Date.parse(expiresAt) <= now)
    return ["Expired", `It expired at ${expiresAt}`];
  if (notBefore !== undefined && Date.parse(notBefore) > now)
    return ["NotYetInForce", `It takes effect at ${notBefore}`];
  if (enforcement === "Shadow") return ["Shadowing", SHADOWING];
  return ["Ready", "It is in effect"];
}
