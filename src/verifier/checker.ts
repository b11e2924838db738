import { decide } from "../policy/decide.ts";
import type { Decision } from "../policy/decision.ts";
import type { ProjectionIndex } from "../policy/projectionIndex.ts";
import { FAILURES, type Failure, requestUnverifiable } from "../signing/failures.ts";
import { allow, deny, type ReplyOptions } from "./reply.ts";
import { decodeCheckRequest } from "./wire/checkRequest.ts";
import { understand } from "./wire/request.ts";

/** An allow that is written as the deadline passes was let through by Envoy in tests, so it is not given this close to it. */
const DEADLINE_MARGIN_MS = 20;

export interface CheckerOptions extends ReplyOptions {
  /** Envoy's max_request_bytes: a body of this length may be cut. */
  readonly maxRequestBytes: number;
}

/** What a Check found, for metrics and logs; holds nothing that a stranger chose but what `code` says. */
export interface Outcome {
  readonly code: string;
  readonly decision?: Decision;
}

export interface CheckerDeps {
  readonly index: ProjectionIndex;
  readonly isReady: () => boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
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
  const refuse = (failure: Failure, decision?: Decision) => {
    deps.onOutcome({ code: failure.code, ...(decision ? { decision } : {}) });
    return deny(failure, attributes, decision?.kind === "deny" ? decision.caller : undefined);
  };
  if (!deps.isReady()) return refuse(FAILURES.notReady);
  if (!attributes) return refuse(requestUnverifiable("the proxy's message cannot be read"));
  const understood = understand(attributes, options.maxRequestBytes);
  if (!understood.ok) return refuse(understood.failure);
  const decision = decide(understood.checked, deps.index, deps.now());
  if (decision.kind === "deny") return refuse(decision, decision);
  if (deps.now() > deadline - DEADLINE_MARGIN_MS) return refuse(FAILURES.notReady);
  deps.onOutcome({ code: "Allowed", decision });
  return allow(decision, attributes, options);
}
