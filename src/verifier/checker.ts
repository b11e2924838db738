import type { DecisionCode } from "../api/vocabulary.ts";
import type { Allowance } from "../base/allowance.ts";
import { type Authenticated, bodyHashOf } from "../policy/authenticate.ts";
import { decide, isHelpedBySettings, wouldVerifyWith } from "../policy/decide.ts";
import type { Allow, Deny } from "../policy/decision.ts";
import type { ProjectionIndex } from "../policy/index/projectionIndex.ts";
import type { NonceUse } from "../policy/nonceUse.ts";
import { type CheckedRequest, targetOf } from "../policy/request.ts";
import { DEFAULT_SCHEME, type Denial, isDenial, requestUnverifiable } from "../signing/scheme.ts";
import { DENIALS } from "./denials.ts";
import type { KeyMemory } from "./keyMemory.ts";
import { type Claimed, claimNonce } from "./nonces/claimNonce.ts";
import type { NonceStore } from "./nonces/nonceStore.ts";
import type { Checked, Outcome, Remedy } from "./outcome.ts";
import { Allowing, deny, type ReplyOptions } from "./reply.ts";
import { StepQueue } from "./stepQueue.ts";
import type { Call } from "./transport/transport.ts";
import { type CheckAttributes, decodeCheckRequest } from "./wire/checkRequest.ts";
import { understand } from "./wire/request.ts";

/** A longer body is hashed in steps; bytes. */
const HASHED_AT_ONCE = 262_144;

/** An allow that is written as the deadline passes was let through by Envoy in tests, so it is not given this close to it. */
const DEADLINE_MARGIN_MS = 20;

export interface CheckerOptions extends ReplyOptions {
  /** Envoy's max_request_bytes: a body of this length may be cut. */
  readonly maxRequestBytes: number;
  /** How detailed an error is: the whole message of the vendor, or the code alone. */
  readonly errorDetail: "full" | "code-only";
  /** Allow every request that is decided, and report the decision. Default: false. */
  readonly shadow?: boolean;
}

export interface CheckerDeps {
  readonly index: ProjectionIndex;
  readonly memory: KeyMemory;
  /** How often a failed signature is tried under other settings. */
  readonly nearMisses: Allowance;
  readonly nonces: NonceStore;
  readonly isReady: () => boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
}

/** One message to check. */
type ToCheck = Pick<Call, "message" | "deadline" | "isOver">;

/**
 * Returns the bytes of a CheckResponse for the bytes of a CheckRequest: at once, or later if a large body has to be hashed. Never
 * throws or rejects: every failure is a denial.
 */
export type Checker = (call: ToCheck) => Checked | Promise<Checked>;

export function createChecker(deps: CheckerDeps, options: CheckerOptions): Checker {
  const checking = { ...deps, ...options, allowing: new Allowing(options), hashing: new StepQueue() };
  const failed = (error: unknown): Checked => {
    deps.onError(error);
    const { internalError: denial } = DENIALS;
    return {
      answer: deny({ denial, voice: DEFAULT_SCHEME.voice }, undefined),
      outcome: { code: denial.code },
    };
  };
  return (call) => {
    try {
      const checked = check(call, checking);
      return checked instanceof Promise ? checked.catch(failed) : checked;
    } catch (error) {
      return failed(error);
    }
  };
}

/** What every Check needs. */
interface Checking extends CheckerDeps, CheckerOptions {
  readonly allowing: Allowing;
  readonly hashing: StepQueue;
}

function check(call: ToCheck, checking: Checking): Checked | Promise<Checked> {
  const { message } = call;
  const attributes = decodeCheckRequest(message);
  if (!checking.isReady()) return denied(DENIALS.notReady, attributes, checking);
  if (!attributes)
    return denied(requestUnverifiable("the proxy's message cannot be read"), attributes, checking);
  const understood = understand(attributes, checking.maxRequestBytes);
  if (isDenial(understood)) return refused(understood, {}, { attributes, deadline: call.deadline }, checking);
  const found: Understood = { attributes, request: understood };
  return message.length <= HASHED_AT_ONCE
    ? conclude(found, call, checking)
    : hashAndConclude(found, call, checking);
}

/** Hashes a large body in steps before. */
function hashAndConclude(found: Understood, call: ToCheck, checking: Checking): Checked | Promise<Checked> {
  const hash = bodyHashOf(targetOf(found.request), checking.index, checking.now(), HASHED_AT_ONCE);
  if (!hash) return conclude(found, call, checking);
  return checking.hashing
    .run(hash.steps, call.message.length, () => !call.isOver)
    .then(() => (call.isOver ? abandoned(found, checking) : conclude(found, call, checking)));
}

/** The reply reaches no client. To decide would hash at once what the queue has left out. */
function abandoned({ attributes }: Understood, checking: Checking): Checked {
  return denied(DENIALS.notReady, attributes, checking);
}

/** A request that could be read. */
interface Understood {
  readonly attributes: CheckAttributes;
  readonly request: CheckedRequest;
}

/** Decides by the present state, which may have changed while a body was hashed. */
function conclude(found: Understood, { deadline }: ToCheck, checking: Checking): Checked | Promise<Checked> {
  const { attributes, request: understood } = found;
  if (!checking.isReady()) return denied(DENIALS.notReady, attributes, checking);
  const now = checking.now();
  const decision = decide(understood, checking.index, now, checking.memory);
  const authenticated = decision.kind === "allow" ? decision.authenticated : decision.reached.authenticated;
  if (authenticated) checking.memory.verified(authenticated.key, authenticated.variant);
  const signature = authenticated && signatureOf(authenticated, now);
  if (decision.kind === "deny") {
    const wouldVerifyWith = remedyFor(understood, decision, now, checking);
    const refusal = { decision, signature, wouldVerifyWith };
    return refused(decision.denial, refusal, { attributes, deadline }, checking);
  }
  // A request that is denied anyway uses no nonce up.
  if (!decision.nonceUse || isLate(deadline, checking))
    return admitted({ decision, signature }, { attributes, deadline }, checking);
  return claimAndAdmit({ decision, signature, use: decision.nonceUse }, found, deadline, checking);
}

/** Admits a request once its nonce is used up. */
function claimAndAdmit(
  {
    decision,
    signature,
    use,
  }: Pick<Outcome, "signature"> & { readonly decision: Allow; readonly use: NonceUse },
  { attributes, request }: Understood,
  deadline: number,
  checking: Checking,
): Checked | Promise<Checked> {
  const again = () => decide(request, checking.index, checking.now());
  const claimed = claimNonce(decision, use, attributes.id, { ...checking, again });
  const settled = ({ decision: after, nonce }: Claimed): Checked => {
    const found = { decision: after, signature, nonce };
    if (after.kind === "deny") return refused(after.denial, found, { attributes, deadline }, checking);
    if (!checking.isReady()) return denied(DENIALS.notReady, attributes, checking, found);
    return admitted({ ...found, decision: after }, { attributes, deadline }, checking);
  };
  return claimed instanceof Promise ? claimed.then(settled) : settled(claimed);
}

/** A request that the decision allows. */
function admitted(
  found: Found & { readonly decision: Allow },
  { attributes, deadline }: Reply,
  checking: Checking,
): Checked {
  if (isLate(deadline, checking)) return denied(DENIALS.notReady, attributes, checking, found);
  if (checking.shadow || found.decision.enforcement === "Shadow")
    return shadowed("Allowed", found, attributes, checking);
  const answer = checking.allowing.answer(found.decision, attributes);
  return { answer, outcome: { code: "Allowed", ...found }, attributes };
}

/** What a reply depends on beside the decision. */
interface Reply {
  readonly attributes: CheckAttributes;
  readonly deadline: number;
}

type Found = Omit<Outcome, "code" | "isShadowed">;

/** A request that the decision denies: denied, or allowed in Shadow mode. */
function refused(denial: Denial, found: Found, { attributes, deadline }: Reply, checking: Checking): Checked {
  if (!checking.shadow && found.decision?.enforcement !== "Shadow")
    return denied(denial, attributes, checking, found);
  if (isLate(deadline, checking)) return denied(DENIALS.notReady, attributes, checking, found);
  return shadowed(denial.code, found, attributes, checking);
}

function shadowed(
  code: DecisionCode,
  found: Found,
  attributes: CheckAttributes,
  { allowing }: Checking,
): Checked {
  const answer = allowing.shadow(code, found.decision, attributes);
  return { answer, outcome: { code, isShadowed: true, ...found }, attributes };
}

function isLate(deadline: number, { now }: Checking): boolean {
  return now() > deadline - DEADLINE_MARGIN_MS;
}

function denied(
  denial: Denial,
  attributes: CheckAttributes | undefined,
  { errorDetail }: CheckerOptions,
  found: Found = {},
): Checked {
  const { status, code } = denial;
  const told = errorDetail === "full" ? denial : { status, code, message: code };
  const refused = found.decision?.kind === "deny" ? found.decision : undefined;
  const { voice } = refused?.reached.scheme ?? DEFAULT_SCHEME;
  const answer = deny({ denial: told, voice, caller: refused?.caller }, attributes);
  return { answer, outcome: { code, ...found }, attributes };
}

function signatureOf({ scheme, presented, key, signedAt }: Authenticated, now: number): Outcome["signature"] {
  return {
    scheme: scheme.name,
    key,
    algorithm: scheme.algorithmOf(presented, key.key),
    clockSkewMs: Math.abs(now - signedAt),
  };
}

/** Notes that the key's signature failed, and finds out, now and then, under which settings the request would verify. */
function remedyFor(
  checked: CheckedRequest,
  decision: Deny,
  now: number,
  { memory, nearMisses, index }: CheckerDeps,
): Remedy | undefined {
  const key = decision.reached.attempt?.key;
  if (!key || !isHelpedBySettings(decision.code)) return undefined;
  // A caller whose scheme is not allowed must not slow down those of the same key whose scheme is.
  if (decision.code === "SignatureMismatch") memory.failed(key, now);
  const near = nearMisses.take(now) ? wouldVerifyWith(checked, decision, index) : undefined;
  if (!near) return undefined;
  const { variant: form, ...settings } = near;
  const { namespace, name } = key.application;
  return { application: `${namespace}/${name}`, form, ...settings };
}
