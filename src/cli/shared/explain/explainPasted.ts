import type { AskedExplanation, ExplainAnswer } from "../../../console/view/explain.ts";
import type { ProjectionIndex } from "../../../policy/index/projectionIndex.ts";
import { judge } from "../capture/judgement.ts";
import { explainView } from "./explainView.ts";
import { readPasted } from "./pasted.ts";

/** Explains a pasted request by an index, at `now` (epoch milliseconds) or at the request's own date. */
export async function explainPasted(
  { text, at }: AskedExplanation,
  index: ProjectionIndex,
  now: number,
): Promise<ExplainAnswer> {
  const captured = await readPasted(text, now);
  if (!captured.ok) return { kind: "unreadable", problem: captured.problem };
  const first = judge({ ...captured, time: now }, index);
  const attempt = first.decided?.decision.reached.attempt;
  const sent = first.decided && attempt?.scheme.diagnose.sentAt(first.decided.target.request);
  const judgement = at === "sent" && sent !== undefined ? judge({ ...captured, time: sent }, index) : first;
  if (!judgement.decided)
    return { kind: "unreadable", problem: judgement.kind === "undecidable" ? judgement.reason : "" };
  const reason = judgement.kind === "undecidable" ? judgement.reason : undefined;
  return { kind: "explained", view: explainView(judgement.decided, reason) };
}
