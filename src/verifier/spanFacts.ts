import type { CheckFacts, HeaderReader } from "../observe/checkSpans.ts";
import type { Checked, Outcome } from "./outcome.ts";
import type { Call } from "./transport/transport.ts";
import type { CheckAttributes } from "./wire/checkRequest.ts";

/** What a span of a Check is made of. */
export function spanOf({ outcome, attributes }: Checked, call: Call) {
  return { facts: factsOf(outcome), ...readersOf(call, attributes) };
}

/** Without secrets, and without values that an untrusted client chose. */
function factsOf({ code, isShadowed, decision, signature }: Outcome): CheckFacts {
  const caller = decision?.kind === "deny" ? decision.caller : decision;
  const allowed = decision?.kind === "allow" ? decision : undefined;
  return {
    code,
    enforcement: isShadowed && "Shadow",
    application: caller?.application,
    form: caller?.form,
    algorithm: signature?.algorithm,
    environment: allowed?.environment,
    api: allowed?.api,
    grant: allowed?.grant,
  };
}

/** Where a trace's context may stand: in the call's own headers, and in the request that is checked. */
function readersOf(call: Call, attributes: CheckAttributes | undefined): Readers {
  const lines = attributes?.lines;
  return { call: (name) => call.header(name), request: (name) => lines?.first(name) };
}

interface Readers {
  readonly call: HeaderReader;
  readonly request: HeaderReader;
}
