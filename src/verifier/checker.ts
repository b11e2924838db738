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

/** What a Check found, for metrics and logs; holds nothing that a stranger chose but what `code` says. */
export interface Outcome {
  readonly code: string;
  readonly decision?: Decision;
  /** The settings of its Application under which a refused request would verify. */
  readonly wouldVerifyWith?: NearMiss & { readonly application: string };
}

export interface CheckerDeps {
  readonly index: ProjectionIndex;
  readonly memory: KeyMemory;
  /** How often a failed signature is tried under other settings. */
  readonly nearMisses: Allowance;
  readonly isReady: () => boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Is shown every Check that can be read, and the milliseconds that are left to answer it. */
  readonly onCheck: (attributes: CheckAttributes, leftMs: number) => void;
  readonly onOutcome: (outcome: Outcome) => void;
  readonly onError: (error: unknown) => void;
}

/** Answers the bytes of one CheckRequest with the bytes of a CheckResponse. Never throws: whatever fails is a refusal. */
export type Checker = (bytes: Buffer, deadline: number) => Buffer;

export function createChecker(deps: CheckerDeps, options: CheckerOptions): Checker {
  return (bytes, deadline) => {
    try {
      return check(bytes, deadline, deps, options);
    } catch (error) {
      deps.onError(error);
      deps.onOutcome({ code: FAILURES.internalError.code });
      return deny(FAILURES.internalError, undefined);
    }
  };
}

function check(bytes: Buffer, deadline: number, deps: CheckerDeps, options: CheckerOptions): Buffer {
  const attributes = decodeCheckRequest(bytes);
  const refuse = (failure: Failure, outcome: Omit<Outcome, "code"> = {}) => {
    deps.onOutcome({ code: failure.code, ...outcome });
    const told = options.errorDetail === "full" ? failure : { ...failure, message: failure.code };
    const { decision } = outcome;
    return deny(told, attributes, decision?.kind === "deny" ? decision.caller : undefined);
  };
  if (attributes) deps.onCheck(attributes, deadline - deps.now());
  if (!deps.isReady()) return refuse(FAILURES.notReady);
  if (!attributes) return refuse(requestUnverifiable("the proxy's message cannot be read"));
  const understood = understand(attributes, options.maxRequestBytes);
  if (!understood.ok) return refuse(understood.failure);
  const now = deps.now();
  const hints = (keyId: string) => deps.memory.hints(keyId, now);
  const { decision, facts } = examine(understood.checked, deps.index, now, hints);
  const near = remember(decision, facts, deps);
  if (decision.kind === "deny")
    return refuse(decision, { decision, ...(near ? { wouldVerifyWith: near } : {}) });
  if (deps.now() > deadline - DEADLINE_MARGIN_MS) return refuse(FAILURES.notReady);
  deps.onOutcome({ code: "Allowed", decision });
  return allow(decision, attributes, options);
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
