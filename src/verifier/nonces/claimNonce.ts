import type { NonceResult } from "../../api/vocabulary.ts";
import { type Allow, type Decision, Deny } from "../../policy/decision.ts";
import type { ProjectionIndex } from "../../policy/index/projectionIndex.ts";
import type { NonceUse } from "../../policy/nonceUse.ts";
import type { Denial } from "../../signing/scheme.ts";
import { DENIALS } from "../denials.ts";
import type { NonceStore } from "./nonceStore.ts";

/** The decision once the nonce is taken into account. */
export interface Claimed {
  readonly decision: Decision;
  readonly nonce: NonceResult;
}

/** What a claim needs. */
export interface Claiming {
  readonly nonces: NonceStore;
  readonly index: ProjectionIndex;
  /** Decides the same request by the present index. */
  readonly again: () => Decision;
}

/**
 * Uses up the nonce of an allowed request. `requestId` is Envoy's id of the stream. If a projection has changed until the store
 * replies, the request is decided again: a verifier that has acknowledged a removal allows nothing by the state before it.
 */
export function claimNonce(
  decision: Allow,
  use: NonceUse,
  requestId: string,
  { nonces, index, again }: Claiming,
): Claimed | Promise<Claimed> {
  const { id, windowMs } = use;
  const result = nonces.claim({ id, windowMs, requestId, applicationId: decision.applicationId });
  if (!(result instanceof Promise)) return concluded(decision, use, result);
  const { changes } = index;
  return result.then((nonce) => concluded(index.changes === changes ? decision : again(), use, nonce));
}

/** Replay protection is that of the present decision. A nonce that it does not use up alike was not asked about. */
function concluded(decision: Decision, asked: NonceUse, nonce: NonceResult): Claimed {
  const use = decision.kind === "allow" ? decision.nonceUse : undefined;
  const denial = use && denialOf(use.id === asked.id ? nonce : "unavailable", use);
  return { decision: denial ? new Deny(denial, decision.reached, decision.enforcement) : decision, nonce };
}

/** Undefined: the request is allowed. In mode WhenSent that is also so if the store does not know. */
function denialOf(nonce: NonceResult, { mode, repeated }: NonceUse): Denial | undefined {
  if (nonce === "first") return undefined;
  if (nonce === "repeated") return repeated;
  if (mode === "WhenSent") return undefined;
  return nonce === "full" ? DENIALS.nonceStoreFull : DENIALS.nonceStoreUnavailable;
}
