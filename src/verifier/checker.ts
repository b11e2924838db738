import type { DecisionCode } from "../api/vocabulary.ts";
import type { Authenticated } from "../policy/authenticate.ts";
import { decide, wouldVerifyWith } from "../policy/decide.ts";
import type { Decision } from "../policy/decision.ts";
import type { ProjectionIndex } from "../policy/projectionIndex.ts";
import type { CheckedRequest } from "../policy/request.ts";
import {
  DEFAULT_SCHEME,
  type Denial,
  isDenial,
  type NearMiss,
  requestUnverifiable,
} from "../signing/scheme.ts";
import type { Allowance } from "./allowance.ts";
import { DENIALS } from "./denials.ts";
import type { KeyMemory } from "./keyMemory.ts";
import { Allowing, deny, type ReplyOptions } from "./reply.ts";
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
  /** The settings of its Application under which a denied request would verify. */
  readonly wouldVerifyWith?: Omit<NearMiss, "variant"> & {
    readonly application: string;
    /** The name of the variant, as logs call it. */
    readonly form: string;
  };
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

/** Answers the bytes of one CheckRequest with the bytes of a CheckResponse. Never throws: whatever fails is a denial. */
export type Checker = (bytes: Buffer, deadline: number) => Checked;

export function createChecker(deps: CheckerDeps, options: CheckerOptions): Checker {
  const checking = { ...deps, ...options, allowing: new Allowing(options) };
  return (bytes, deadline) => {
    try {
      return check(bytes, deadline, checking);
    } catch (error) {
      deps.onError(error);
      const { internalError: denial } = DENIALS;
      return {
        answer: deny({ denial, voice: DEFAULT_SCHEME.voice }, undefined),
        outcome: { code: denial.code },
      };
    }
  };
}

/** What every Check needs. */
interface Checking extends CheckerDeps, CheckerOptions {
  readonly allowing: Allowing;
}

function check(bytes: Buffer, deadline: number, checking: Checking): Checked {
  const attributes = decodeCheckRequest(bytes);
  if (!checking.isReady()) return denied(DENIALS.notReady, attributes, checking);
  if (!attributes)
    return denied(requestUnverifiable("the proxy's message cannot be read"), attributes, checking);
  const understood = understand(attributes, checking.maxRequestBytes);
  if (isDenial(understood)) return denied(understood, attributes, checking);
  const now = checking.now();
  const decision = decide(understood, checking.index, now, (key) => checking.memory.hints(key, now));
  const found = { decision, ...signatureOf(decision, now), ...remember(understood, decision, now, checking) };
  if (decision.kind === "deny") return denied(decision.denial, attributes, checking, found);
  if (checking.now() > deadline - DEADLINE_MARGIN_MS)
    return denied(DENIALS.notReady, attributes, checking, found);
  const answer = checking.allowing.answer(decision, attributes);
  return { answer, outcome: { code: "Allowed", ...found }, attributes };
}

function denied(
  denial: Denial,
  attributes: CheckAttributes | undefined,
  { errorDetail }: CheckerOptions,
  found: Omit<Outcome, "code"> = {},
): Checked {
  const { status, code } = denial;
  const told = errorDetail === "full" ? denial : { status, code, message: code };
  const refused = found.decision?.kind === "deny" ? found.decision : undefined;
  const { voice } = refused?.reached.attempt?.scheme ?? DEFAULT_SCHEME;
  const answer = deny({ denial: told, voice, caller: refused?.caller }, attributes);
  return { answer, outcome: { code, ...found }, attributes };
}

function signatureOf(decision: Decision, now: number): Pick<Outcome, "signature"> {
  const authenticated = authenticatedOf(decision);
  if (!authenticated) return {};
  const { presented, signedAt } = authenticated;
  return { signature: { algorithm: presented.algorithm, clockSkewMs: Math.abs(now - signedAt) } };
}

/** Notes what the key's signature was worth; of a failed one, now and then, under which settings it would verify. */
function remember(
  checked: CheckedRequest,
  decision: Decision,
  now: number,
  { memory, nearMisses, index }: CheckerDeps,
): Pick<Outcome, "wouldVerifyWith"> {
  const authenticated = authenticatedOf(decision);
  if (authenticated) memory.verified(authenticated.key, authenticated.variant);
  if (decision.kind === "allow" || decision.code !== "SignatureMismatch") return {};
  const key = decision.reached.attempt?.key;
  if (!key) return {};
  memory.failed(key, now);
  const near = nearMisses.take(now) ? wouldVerifyWith(checked, decision, index) : undefined;
  if (!near) return {};
  const { variant: form, ...settings } = near;
  const { namespace, name } = key.application;
  return { wouldVerifyWith: { application: `${namespace}/${name}`, form, ...settings } };
}

function authenticatedOf(decision: Decision): Authenticated | undefined {
  return decision.kind === "allow" ? decision.authenticated : decision.reached.authenticated;
}
