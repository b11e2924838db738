import { planProjection } from "../../../src/operator/plan/planProjection.ts";
import {
  type Acknowledgement,
  acknowledgementOf,
  isAcknowledged,
  isAcknowledgedByAll,
} from "../../../src/operator/verifiers/acknowledgement.ts";
import type { JudgedVerifier } from "../../../src/operator/verifiers/leaseWatch.ts";
import type { ApiGrantProjection } from "../../../src/projection/documents.ts";
import { grant } from "../../support/documents.ts";
import { latest, RESTARTED, type State, type Verifier, type Written } from "./state.ts";
import { put, spend } from "./verifierSteps.ts";

/** Simpler protocols, each of which has a hole that the exploration must find. */
export type Weakness =
  | "removals wait for live verifiers only"
  | "a removal is forgotten at the next write"
  | "a removal is forgotten when the operator restarts"
  | "a Pod is read before the Leases are listed"
  | "a Lease that changed meanwhile is deleted too"
  | "a Lease expires before its verifier has fenced itself"
  | "a list from before the write counts";

/** What the operator, or an admin, may do next. */
export function operatorSteps(state: State, weakness?: Weakness): readonly (readonly [string, State])[] {
  return [
    ...writes(state, weakness),
    ["the operator lists the Leases", list(state, weakness)] as const,
    ["the operator reads the Pods", readPods(state)] as const,
    ...deletions(state, weakness),
    ...reports(state, weakness),
    ...restarts(state, weakness),
    ...forgets(state),
  ];
}

/** Every other pair of permissions may be asked for next. */
function writes(state: State, weakness?: Weakness): readonly (readonly [string, State])[] {
  if (state.left.writes === 0) return [];
  const version = latest(state);
  const before = state.history[version - 1];
  return PERMISSIONS.filter(([a, b]) => a !== before?.allows[0] || b !== before.allows[1]).map((allows) => {
    const change = changeOf(state, allows, weakness);
    const history = [...state.history, { allows, change }];
    const hasListed = weakness === "a list from before the write counts" && state.operator.hasListed;
    const operator = { ...state.operator, hasListed, isReported: false };
    const next = { ...state, history, operator };
    return [`the operator writes ${allows.join(" ")} as ${change}`, spend(next, "writes")] as const;
  });
}

const PERMISSIONS: readonly Written["allows"][] = [
  [true, true],
  [true, false],
  [false, true],
  [false, false],
];

/** By the operator's own plan, over documents that have an API for each permission. Remembered, since it is asked millions of times. */
function changeOf(state: State, allows: Written["allows"], weakness?: Weakness): Written["change"] {
  const before = state.history[latest(state) - 1];
  if (!before) throw new Error("there is a first document");
  const isForgetful = weakness === "a removal is forgotten at the next write";
  const change = isForgetful ? "Addition" : before.change;
  const isAcknowledged = isAcknowledgedByAll(acknowledgement(state, () => true));
  const key = [...before.allows, change, isAcknowledged, ...allows].join();
  const known = CHANGES.get(key) ?? planned({ allows: before.allows, change }, isAcknowledged, allows);
  CHANGES.set(key, known);
  return known;
}

const CHANGES = new Map<string, Written["change"]>();

function planned(before: Written, isAcknowledged: boolean, allows: Written["allows"]): Written["change"] {
  const laggards = isAcknowledged ? [] : [{ name: "verifier", state: "live" as const }];
  const document = documentOf(before.allows);
  const step = planProjection(
    {
      subject: { kind: "ApiGrant", namespace: "team-shop", name: "orders" },
      object: undefined,
      projection: { name: "grant.team-shop.orders", resourceVersion: "1", document, change: before.change },
      acknowledgement: { kind: "known", live: 1, verifiers: 1, laggards, reachedLive: false },
      quietUntil: 0,
      times: { now: 0, horizon: Number.POSITIVE_INFINITY },
      restores: false,
      refusal: undefined,
    },
    documentOf(allows),
  );
  if (step?.kind !== "replaceProjection") throw new Error("another document is a write");
  return step.change;
}

function documentOf(allows: Written["allows"]): ApiGrantProjection {
  const apis = allows.flatMap((allowed, at) =>
    allowed
      ? [
          {
            name: `api-${at}`,
            hosts: ["a"],
            paths: [{ type: "Exact" as const, value: `/${at}` }],
            methods: [],
          },
        ]
      : [],
  );
  return grant({ apis });
}

/** One consistent read of all Leases. */
function list(state: State, weakness?: Weakness): State {
  const isEarly = weakness === "a Lease expires before its verifier has fenced itself";
  const listed = state.verifiers.map((one) => {
    const isExpired = isEarly || !mayDecide(one);
    return one.lease === undefined ? undefined : { applied: one.lease, isExpired, hasChanged: false };
  });
  const isStale = weakness === "a Pod is read before the Leases are listed";
  const podMissing = isStale ? state.operator.podMissing : state.verifiers.map(() => false);
  return { ...state, operator: { ...state.operator, hasListed: true, listed, podMissing } };
}

function readPods(state: State): State {
  return { ...state, operator: { ...state.operator, podMissing: missingPods(state) } };
}

const missingPods = ({ verifiers }: State) => verifiers.map(({ pod }) => pod === "absent" || pod === "gone");

/** Leases of verifiers whose Pods have ended, or that have not changed for as long as they last. */
function deletions(state: State, weakness?: Weakness): readonly (readonly [string, State])[] {
  return state.verifiers.flatMap((verifier, at) => {
    const seen = state.operator.listed[at];
    if (!seen) return [];
    const mayDelete = !seen.hasChanged || weakness === "a Lease that changed meanwhile is deleted too";
    const isProven = state.operator.podMissing[at] && verifier.pod !== "none";
    if (verifier.lease === undefined || !mayDelete || !(isProven || seen.isExpired)) return [];
    const why = isProven ? "Pod has ended" : "Lease has expired";
    return [[`verifier ${at}: its ${why}`, deleteLease(state, at)] as const];
  });
}

const mayDecide = ({ phase }: Verifier) => phase !== "ended" && phase !== "idle";

function deleteLease(state: State, at: number): State {
  const listed = state.operator.listed.map((one, index) => (index === at ? undefined : one));
  return put({ ...state, operator: { ...state.operator, listed } }, at, { lease: undefined });
}

/** Any verifier may be taken for silent: a slow network looks like that too. */
function reports(state: State, weakness?: Weakness): readonly (readonly [string, State])[] {
  const version = latest(state);
  if (state.operator.isReported) return [];
  return SILENCES.flatMap((isSilent) => {
    const found = acknowledgement(state, isSilent);
    const recorded = state.history[version - 1]?.change ?? "Removal";
    const change = weakness === "removals wait for live verifiers only" ? "Addition" : recorded;
    if (!isAcknowledged(found, change)) return [];
    const next = { ...state, operator: { ...state.operator, isReported: true } };
    return [["the operator reports it as programmed", next] as const];
  });
}

const SILENCES: readonly ((at: number) => boolean)[] = [
  () => false,
  (at) => at === 0,
  (at) => at === 1,
  () => true,
];

function acknowledgement({ operator, ...state }: State, isSilent: (at: number) => boolean): Acknowledgement {
  if (!operator.hasListed) return { kind: "unknown" };
  const judged = operator.listed.flatMap((lease, at): readonly JudgedVerifier[] => {
    if (!lease) return [];
    const one = {
      name: `verifier-${at}`,
      holder: "",
      applied: lease.applied === 0 ? "" : String(lease.applied),
      leaseDurationSeconds: 3_600,
      resourceVersion: "",
    };
    return isSilent(at)
      ? [{ lease: one, state: "silent", since: 0, until: 0 }]
      : [{ lease: one, state: "live" }];
  });
  return acknowledgementOf(judged, String(state.history.length), false);
}

/** It knows the state in the API server, and nothing else. */
function restarts(state: State, weakness?: Weakness): readonly (readonly [string, State])[] {
  if (state.left.operatorRestarts === 0) return [];
  const isForgetful = weakness === "a removal is forgotten when the operator restarts";
  const history = isForgetful
    ? state.history.map(({ allows }) => ({ allows, change: "Addition" as const }))
    : state.history;
  return [["the operator restarts", spend({ ...state, history, operator: RESTARTED }, "operatorRestarts")]];
}

function forgets(state: State): readonly (readonly [string, State])[] {
  if (state.left.forgets === 0) return [];
  return state.verifiers.flatMap((verifier, at) =>
    verifier.lease
      ? [[`an admin forgets verifier ${at}`, spend(put(state, at, FORGOTTEN), "forgets")] as const]
      : [],
  );
}

const FORGOTTEN = { lease: undefined, isForgotten: true } as const;
