import type { ProjectionIndex } from "../../../policy/index/projectionIndex.ts";
import type { Captured, Gaps } from "./captured.ts";
import { checkedRequest } from "./checkedRequest.ts";
import { type Decided, decided } from "./verdict.ts";

/** A decision on a captured request, or why none can be made. */
export type Judgement =
  | { readonly kind: "decided"; readonly decided: Decided }
  | {
      readonly kind: "undecidable";
      readonly reason: string;
      /** What a verifier would decide if nothing was missing; undefined where the time is missing. */
      readonly decided: Decided | undefined;
    };

/**
 * What a verifier over the index would have decided when the request was received. It is no decision where it may be due to something that
 * the capture lacks.
 */
export function judge(captured: Captured & { readonly ok: true }, index: ProjectionIndex): Judgement {
  const { message, gaps, time } = captured;
  if (time === undefined)
    return { kind: "undecidable", reason: gaps.request ?? gaps.time ?? NO_TIME, decided: undefined };
  const found = decided(checkedRequest(message, gaps.body), index, time);
  const reason = reasonFor(gaps, found);
  return reason === undefined
    ? { kind: "decided", decided: found }
    : { kind: "undecidable", reason, decided: found };
}

const NO_TIME = "the capture does not contain when the request was received";

function reasonFor({ request, body, denials }: Gaps, { decision }: Decided): string | undefined {
  if (request !== undefined) return request;
  if (decision.kind === "allow") return undefined;
  if (body !== undefined && decision.code === "BodyUnverifiable") return body;
  return denials?.get(decision.code);
}
