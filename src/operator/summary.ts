import type { Problem } from "../api/validation/problem.ts";
import { type Claim, listed, type Reason } from "./conditions.ts";

/** What the clock makes of an object that is otherwise as it should be. */
export interface Lifetime {
  readonly suspended?: boolean;
  readonly notBefore?: string | undefined;
  readonly expiresAt?: string | undefined;
}

/** The spec fits the schema. */
export function accepted(): Claim {
  return { type: "Accepted", status: "True", reason: "Accepted", message: "The spec is valid" };
}

/** Ready: the first condition that is not True speaks for all, one that is False before one that is Unknown. */
export function summary(claims: readonly Claim[], lifetime: Lifetime, now: number): Claim {
  const said =
    claims.find(({ status }) => status === "False") ?? claims.find(({ status }) => status === "Unknown");
  if (said) return { ...said, type: "Ready" };
  const [reason, message] = asAsked(lifetime, now);
  return { type: "Ready", status: "True", reason, message };
}

function asAsked({ suspended, notBefore, expiresAt }: Lifetime, now: number): readonly [Reason, string] {
  if (suspended) return ["Suspended", "It is suspended, as was asked"];
  if (expiresAt !== undefined && Date.parse(expiresAt) <= now)
    return ["Expired", `It expired at ${expiresAt}`];
  if (notBefore !== undefined && Date.parse(notBefore) > now)
    return ["NotYetInForce", `It is in force from ${notBefore} on`];
  return ["Ready", "It is in effect"];
}

/** When the clock alone will change what is said, in epoch milliseconds. */
export function nextChange({ notBefore, expiresAt }: Lifetime, now: number): number {
  const times = [notBefore, expiresAt].flatMap((time) => (time === undefined ? [] : [Date.parse(time)]));
  return Math.min(...times.filter((time) => time > now), Number.POSITIVE_INFINITY);
}

/** The spec does not fit the schema, and nothing but an edit can mend that. */
export function invalidClaims(message: string): readonly Claim[] {
  const reason = "Invalid";
  return [
    { type: "Accepted", status: "False", reason, message },
    { type: "Stalled", status: "True", reason, message },
    { type: "Ready", status: "False", reason, message },
  ];
}

/** The problems as one text. */
export function problemText(problems: readonly Problem[]): string {
  return listed(problems.map(({ field, message }) => (field ? `${field}: ${message}` : message)));
}
