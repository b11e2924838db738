import type { DecisionCode } from "../api/vocabulary.ts";
import { examine } from "../policy/decide.ts";
import type { Decision } from "../policy/decision.ts";
import { type Facts, wouldVerifyWith } from "../policy/facts.ts";
import type { ProjectionIndex } from "../policy/projectionIndex.ts";
import { FAILURES, type Failure, requestUnverifiable } from "../signing/failures.ts";
import type { NearMiss } from "../signing/nearMiss.ts";
import type { Allowance } from "./allowance.ts";
import type { KeyMemory } from "./keyMemory.ts";
import { allow, deny, type ReplyOptions } from "./reply.ts";
import { type CheckAttributes, decodeCheckRequest } from "./wire/checkRequest.ts";
import { understand } from "./wire/request.ts";

/** An allow that is written as the deadline passes was let through by Envoy in tests, so it is not given this close to it. */
const DEADLINE_MARGIN_MS = 20;

export interface CheckerOptions extends ReplyOptions {
  /** Envoy's max_request_bytes: a body of this length may be cut. */
  readonly maxRequestBytes: number;
  /** How much an error says: all of the vendor's message, or the code alone. */
  readonly errorDetail: "full" | "code-only";
}

/** What a Check found, for metrics, logs and traces; holds nothing that a stranger chose but what `code` says. */
export interface Outcome {
  readonly code: DecisionCode;
  readonly decision?: Decision;
  /** Set once the signature has verified, whatever became of the request then. */
  readonly signature?: {
    readonly algorithm: string;
    /** How far the signed date is from now, either way; milliseconds. */
    readonly clockSkewMs: number;
  };
  /** The settings of its Application under which a refused request would verify. */
  readonly wouldVerifyWith?: NearMiss & { readonly application: string };
}

/** An answer, what it was found by, and what was asked, where that could be read. */
export interface Checked {
  /** A CheckResponse. */
  readonly answer: Buffer;
  readonly outcome: Outcome;
  readonly attributes?: CheckAttributes | undefined;
}

export interface CheckerDeps {
  readonly index: ProjectionIndex;
  readonly memory: KeyMemory;
  /** How often a failed signature is tried under other settings. */
  readonly nearMisses: Allowance;
  readonly isReady: () => boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/** Answers the bytes of one CheckRequest with the bytes of a CheckResponse. Never throws: whatever fails is a refusal. */
export type Checker = (bytes: Buffer, deadline: number) => Checked;

export function createChecker(deps: CheckerDeps, options: CheckerOptions): Checker {
  return (bytes, deadline) => {
    try {
      return check(bytes, deadline, deps, options);
    } catch (error) {
      deps.onError(error);
      const { internalError } = FAILURES;
      return { answer: deny(internalError, undefined), outcome: { code: internalError.code } };
    }
  };
}

function check(bytes: Buffer, deadline: number, deps: CheckerDeps, options: CheckerOptions): Checked {
  const attributes = decodeCheckRequest(bytes);
  const refuse = (failure: Failure, found: Omit<Outcome, "code"> = {}): Checked => {
    const told = options.errorDetail === "full" ? failure : { ...failure, message: failure.code };
    const caller = found.decision?.kind === "deny" ? found.decision.caller : undefined;
    const outcome = { code: failure.code, ...found };
    return { answer: deny(told, attributes, caller), outcome, attributes };
  };
  if (!deps.isReady()) return refuse(FAILURES.notReady);
  if (!attributes) return refuse(requestUnverifiable("the proxy's message cannot be read"));
  const understood = understand(attributes, options.maxRequestBytes);
  if (!understood.ok) return refuse(understood.failure);
  const now = deps.now();
  const hints = (keyId: string) => deps.memory.hints(keyId, now);
  const { decision, facts } = examine(understood.checked, deps.index, now, hints);
  const near = remember(decision, facts, deps);
  const found = { decision, ...signatureOf(facts), ...(near ? { wouldVerifyWith: near } : {}) };
  if (decision.kind === "deny") return refuse(decision, found);
  if (deps.now() > deadline - DEADLINE_MARGIN_MS) return refuse(FAILURES.notReady);
  const answer = allow(decision, attributes, options);
  return { answer, outcome: { code: "Allowed", ...found }, attributes };
}

function signatureOf({ form, authorization, date, now }: Facts): Pick<Outcome, "signature"> {
  if (form === undefined || !authorization || date === undefined) return {};
  return { signature: { algorithm: authorization.algorithm, clockSkewMs: Math.abs(now - date) } };
}

/** Notes what the key's signature was worth; of a failed one, now and then, under which settings it would verify. */
function remember(
  decision: Decision,
  facts: Facts,
  { memory, nearMisses }: CheckerDeps,
): Outcome["wouldVerifyWith"] {
  if (!facts.key) return undefined;
  const { application, record } = facts.key;
  const keyId = record.apiAppKey;
  if (facts.form !== undefined) memory.verified(keyId, facts.form);
  if (decision.kind === "allow" || decision.code !== "SignatureMismatch") return undefined;
  memory.failed(keyId, facts.now);
  const near = nearMisses.take(facts.now) ? wouldVerifyWith(facts) : undefined;
  return near && { application: `${application.namespace}/${application.name}`, ...near };
}
