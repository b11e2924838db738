import type { DenialCode } from "../../../api/vocabulary.ts";
import { type ExplainView, STEPS, type StepName, type StepView } from "../../../console/view/explain.ts";
import { admittingApi } from "../../../policy/authorize.ts";
import { printable } from "../capture/printable.ts";
import { type Decided, verdictOf } from "../capture/verdict.ts";
import { candidatesOf } from "./candidates.ts";
import { hintsFor } from "./hints.ts";

/** More strings than these are counted, not sent. */
const SHOWN = 8;

/** The check that denies with a code. Codes that are not here are about the request as a whole, which comes first. */
const STEP_OF: Readonly<Partial<Record<DenialCode, StepName>>> = {
  KeyUnknown: "key",
  AlgorithmUnsupported: "key",
  SignedHeaderMissing: "date",
  SignedHeaderRepeated: "date",
  DateInvalid: "date",
  DateOutOfWindow: "date",
  SignatureMismatch: "signature",
  RequestUnverifiable: "signature",
  BodyUnverifiable: "signature",
  TooManyParameters: "signature",
  ApplicationSuspended: "application",
  ApplicationExpired: "application",
  NoApiMatch: "api",
  ApiNotGranted: "grant",
  NoApplicationBound: "grant",
  ContextMismatch: "grant",
  NonceMissing: "nonce",
  NonceRepeated: "nonce",
  NonceStoreFull: "nonce",
  NonceStoreUnavailable: "nonce",
};

/** How a request was decided, for the console. */
export function explainView(found: Decided, undecidable: string | undefined): ExplainView {
  const { decision, target } = found;
  const candidates = candidatesOf(found);
  const matched = decision.reached.authenticated?.variant;
  const tried = candidates.map(({ variant, stringToSign }) => ({
    variant: variant.name,
    matches: variant === matched,
    text: utf8(stringToSign),
  }));
  const shown = matched ? tried.filter(({ matches }) => matches) : tried.slice(0, SHOWN);
  const { code, message } = verdictOf(found);
  return {
    isAllowed: decision.kind === "allow",
    ...{ code, message: message ?? "" },
    request: `${target.request.method} ${target.host ?? ""}${printable(target.request.path)}`,
    steps: stepsOf(found),
    tried: shown,
    triedCount: tried.length,
    hints: hintsFor(found),
    ...(undecidable === undefined ? {} : { undecidable }),
  };
}

function stepsOf(found: Decided): readonly StepView[] {
  const { decision } = found;
  const failed =
    decision.kind === "allow" ? STEPS.length : STEPS.indexOf(STEP_OF[decision.code] ?? "credentials");
  return STEPS.map((name, position) => ({
    name,
    result: position < failed ? "passed" : position === failed ? "failed" : "notReached",
    facts: position <= failed ? FACTS[name](found) : [],
  }));
}

const FACTS: Readonly<Record<StepName, (found: Decided) => readonly string[]>> = {
  credentials: ({ decision }) => {
    const { scheme, presented } = decision.reached.attempt ?? {};
    if (!scheme || !presented) return [];
    const headers = scheme.diagnose.signedHeaders(presented).map(printable).join(" ");
    return [`${printable(presented.keyId)}  ${presented.algorithm}`, headers];
  },
  key: ({ decision }) => {
    const key = decision.reached.attempt?.key;
    return key ? [`${key.application.namespace}/${key.application.name}  ${key.state}`] : [];
  },
  date: ({ decision, target, now }) => {
    const sent = decision.reached.attempt?.scheme.diagnose.sentAt(target.request);
    const decided = new Date(now).toISOString();
    return sent === undefined ? [decided] : [`${new Date(sent).toISOString()} → ${decided}`];
  },
  signature: ({ decision }) => {
    const variant = decision.reached.authenticated?.variant;
    return variant ? [variant.name] : [];
  },
  application: ({ decision }) => {
    const application = decision.reached.attempt?.key?.application;
    return application ? [application.applicationId] : [];
  },
  api: ({ decision }) => {
    const place = decision.reached.located?.place;
    return place ? [`${place.environment}  ${printable(place.rest)}`] : [];
  },
  grant: grantFacts,
  nonce: () => [],
};

/** Each grant of the path that matched, and whether it admits the caller. */
function grantFacts({ target, decision, index, now }: Decided): readonly string[] {
  const { authenticated, located } = decision.reached;
  if (!authenticated || !located) return [];
  const admitting = new Set<unknown>();
  index
    .grantsUnder(decision.enforcement)
    .forEachMeantFor(authenticated.key, located.matched, (grant, apis) => {
      if (admittingApi(grant, apis, target, now)) admitting.add(grant);
    });
  return located.matched.flatMap((grants) =>
    [...grants.keys()].map((grant) => `${admitting.has(grant) ? "✓" : "✗"} ${grant.fullName}`),
  );
}

function utf8(text: string): string {
  return Buffer.from(text, "latin1").toString("utf8");
}
