import type { Decision } from "../../../policy/decision.ts";
import { type Facts, signingContextOf } from "../../../policy/facts.ts";
import { type Candidate, candidates, documentedString } from "../../../signing/forms.ts";
import { headerLines, takeApart } from "../../../signing/parts.ts";

/** The strings that were tried, in their order; none before the key was known. */
export function candidatesOf(facts: Facts): readonly Candidate[] {
  const { request, authorization, key } = facts;
  if (!authorization || !key) return [];
  const lines = headerLines(request, authorization);
  return [...candidates(takeApart(request), lines, request.method, signingContextOf(facts, key))];
}

/** The string that the verifier holds against the caller's: of the form that matched, else of the documented one. */
export function serverString(facts: Facts, decision: Decision): string | undefined {
  const { request, authorization, key } = facts;
  if (!authorization) return undefined;
  const form = decision.kind === "allow" ? decision.form : decision.caller?.form;
  const matched = candidatesOf(facts).find((candidate) => candidate.form === form);
  if (matched) return matched.stringToSign;
  const context = key
    ? signingContextOf(facts, key)
    : ({ environmentPrefix: "", parameters: "Decoded" } as const);
  return documentedString(takeApart(request), headerLines(request, authorization), request.method, context);
}
