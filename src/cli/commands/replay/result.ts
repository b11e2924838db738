import type { ProjectionIndex } from "../../../policy/index/projectionIndex.ts";
import { checkedRequest } from "../../shared/capture/checkedRequest.ts";
import { decided, type Verdict, verdictOf } from "../../shared/capture/verdict.ts";
import { readCapture } from "./capturedRequest.ts";
import type { Line } from "./lines.ts";

/** What replay found out about one line. */
export type Result =
  | { readonly kind: "decided"; readonly id: string | number; readonly verdict: Verdict }
  | {
      readonly kind: "unreadable";
      readonly id: string | number;
      /** From 1. */
      readonly line: number;
      readonly reason: string;
    };

/** What a verifier would have decided, at the time of the request; or why the line holds no request. */
export function resultOf(line: Line, index: ProjectionIndex): Result {
  const { number } = line;
  if (!line.ok) return { kind: "unreadable", id: number, line: number, reason: line.problem };
  const capture = readCapture(line.text);
  const id = capture.id ?? number;
  if (!capture.ok) return { kind: "unreadable", id, line: number, reason: capture.problem };
  const verdict = verdictOf(decided(checkedRequest(capture.message), index, capture.time));
  return { kind: "decided", id, verdict };
}

/** The JSON line of a result. Every row has the first six fields, so that a program needs no case for one of them. */
export function rowOf(result: Result): object {
  if (result.kind === "unreadable") {
    const { id, line, reason } = result;
    const nothing = { code: null, form: null, applicationId: null, wouldVerifyWith: null };
    return { id, decision: "unreadable", ...nothing, line, reason };
  }
  const { decision, code, form, applicationId, wouldVerifyWith } = result.verdict;
  return { id: result.id, decision, code, form, applicationId, wouldVerifyWith };
}
