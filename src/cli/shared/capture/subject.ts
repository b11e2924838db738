import type { DecisionCode, ParameterSetting } from "../../../api/vocabulary.ts";
import { signatureInput } from "../../../policy/authenticate.ts";
import { authorize, checkInForce } from "../../../policy/authorize.ts";
import { allowsMethod, apiName, type Located, locate } from "../../../policy/locate.ts";
import { placeOf } from "../../../policy/place.ts";
import { isDenial } from "../../../signing/scheme.ts";
import type { Decided } from "./verdict.ts";

/** What a request is about, as far as its decision can be attributed. Names are `namespace/name`; null where one is unknown. */
export interface Subject {
  readonly application: string | null;
  readonly environment: string | null;
  /** The APIs that host, path and method name, also of a request that was denied before they mattered. */
  readonly api: string | null;
}

const NONE: Subject = { application: null, environment: null, api: null };

export function subjectOf(found: Decided | undefined): Subject {
  if (!found) return NONE;
  const { decision } = found;
  const application = decision.reached.attempt?.key?.application;
  const name = application ? `${application.namespace}/${application.name}` : null;
  if (decision.kind === "allow")
    return { application: name, environment: decision.environment, api: decision.api };
  // An upstream may read such a path as another one.
  if (decision.code === "UnsafePath") return { ...NONE, application: name };
  const place = placeFor(found);
  const located = decision.reached.located ?? locate(found.target, place, found.index, grantsOf(found));
  const api = isDenial(located) ? null : apisOf(located, found.target.request.method);
  return { application: name, environment: place?.environment ?? null, api };
}

/** The grants that the decision looked at. */
function grantsOf({ decision, index }: Decided) {
  return index.grantsUnder(decision.enforcement);
}

/** The code of the decision on a request that would verify under another setting, if its Application had that setting. */
export function codeWithSetting(found: Decided): DecisionCode | undefined {
  const { near, decision, index, target, now } = found;
  const key = decision.reached.attempt?.key;
  if (!near || !key) return undefined;
  const lapsed = checkInForce(key, now);
  if (lapsed) return lapsed.code;
  const grants = grantsOf(found);
  const located = locate(target, placeFor(found), index, grants);
  const admission = isDenial(located) ? located : authorize(target, key, located, index, grants, now);
  return isDenial(admission) ? admission.code : "Allowed";
}

/** Settings of `parameters` that accept one way of signing alone. */
const STRICT = ["Decoded", "AsSent"] as const satisfies readonly ParameterSetting[];
export type StrictSetting = (typeof STRICT)[number];

/** The strict settings of `parameters` under which the signature of an allowed request would not verify. */
export function lostWith(found: Decided): readonly StrictSetting[] {
  const { authenticated } = found.decision.reached;
  if (!authenticated) return [];
  const { scheme } = authenticated;
  const input = signatureInput(found.target, authenticated, found.index);
  return STRICT.filter((parameters) =>
    isDenial(scheme.verify({ ...input, settings: { ...(input.settings as object), parameters } })),
  );
}

function placeFor({ decision, index, target }: Decided) {
  return decision.reached.attempt?.place ?? placeOf(index.domains, target.host, target.path);
}

function apisOf({ matched }: Located, method: string): string | null {
  const names = new Set<string>();
  for (const grants of matched)
    for (const [grant, apis] of grants)
      for (const api of apis) if (allowsMethod(api, method)) names.add(apiName(grant, api));
  return names.size > 0 ? [...names].sort().join(" ") : null;
}
