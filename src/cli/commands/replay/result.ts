import type { DecisionCode } from "../../../api/vocabulary.ts";
import type { ProjectionIndex } from "../../../policy/index/projectionIndex.ts";
import type { Captured, Place } from "../../shared/capture/captured.ts";
import { judge } from "../../shared/capture/judgement.ts";
import {
  codeWithSetting,
  lostWith,
  type StrictSetting,
  type Subject,
  subjectOf,
} from "../../shared/capture/subject.ts";
import { type Verdict, verdictOf } from "../../shared/capture/verdict.ts";
import type { SeenNonces } from "./seenNonces.ts";

/** What replay found out about one request, or about a place without a request. */
export type Result =
  | (Found & {
      readonly kind: "decided";
      readonly verdict: Verdict;
      readonly subject: Subject;
      /** The decision if the Application had the settings of `wouldVerifyWith`. */
      readonly codeWithSetting: DecisionCode | undefined;
      /** For an allowed request with parameters: settings under which it would be denied. It costs as much as two decisions. */
      readonly lostWith: (() => readonly StrictSetting[]) | undefined;
    })
  | (Found & { readonly kind: "undecidable"; readonly reason: string; readonly subject: Subject })
  | (Found & { readonly kind: "unreadable"; readonly reason: string });

interface Found {
  readonly id: string | number | undefined;
  readonly place: Place;
}

/** What a verifier would have decided, at the time of the request, after the requests whose nonces were `seen`. */
export function resultOf(captured: Captured, index: ProjectionIndex, seen: SeenNonces): Result {
  const { id, place } = captured;
  if (!captured.ok) return { kind: "unreadable", id, place, reason: captured.problem };
  const judgement = judge(captured, index);
  const subject = subjectOf(judgement.decided);
  if (judgement.kind === "undecidable")
    return { kind: "undecidable", id, place, reason: judgement.reason, subject };
  const decided = seen.decide(judgement.decided);
  const { path, body } = decided.target.request;
  const mayLose = decided.decision.kind === "allow" && (path.includes("?") || body.kind === "bytes");
  return {
    ...{ kind: "decided", id, place, verdict: verdictOf(decided), subject },
    codeWithSetting: codeWithSetting(decided),
    lostWith: mayLose ? () => lostWith(decided) : undefined,
  };
}

/** The JSON line of a result. Every row has the same fields, so that a program needs no case for one of them. */
export function rowOf(result: Result): object {
  const { id = null, place } = result;
  const verdict = result.kind === "decided" ? result.verdict : undefined;
  const subject = result.kind === "unreadable" ? undefined : result.subject;
  return {
    id,
    decision: verdict?.decision ?? result.kind,
    code: verdict?.code ?? null,
    form: verdict?.form ?? null,
    applicationId: verdict?.applicationId ?? null,
    wouldVerifyWith: verdict?.wouldVerifyWith ?? null,
    codeWithSetting: (result.kind === "decided" ? result.codeWithSetting : undefined) ?? null,
    application: subject?.application ?? null,
    environment: subject?.environment ?? null,
    api: subject?.api ?? null,
    file: place.file,
    line: place.line ?? null,
    reason: result.kind === "decided" ? null : result.reason,
  };
}
