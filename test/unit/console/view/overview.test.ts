import { describe, expect, test } from "@jest/globals";
import type { Condition } from "../../../../src/api/meta.ts";
import { overviewOf } from "../../../../src/console/view/overview.ts";
import { type ObjectState, stateOf } from "../../../../src/console/view/state.ts";
import { emptyObjects } from "../../../support/console/sources.ts";

const NOW = Date.parse("2026-11-28T12:00:00Z");
const metadata = {
  name: "mobile-app",
  namespace: "team-shop",
  uid: "u",
  resourceVersion: "1",
  generation: 2,
};
const common = { apiVersion: "countersign.dev/v1alpha1", kind: "Application" } as const;

function ready(status: Condition["status"], reason: string, observedGeneration = 2): Condition {
  return { type: "Ready", status, reason, message: "m", observedGeneration, lastTransitionTime: "" };
}

describe("the state of an object", () => {
  const cases: Record<string, [conditions: readonly Condition[], state: ObjectState]> = {
    "is ready if its Ready condition is True": [[ready("True", "Ready")], "ready"],
    "is not in force if it is as specified: suspended": [[ready("True", "Suspended")], "off"],
    "is not ready if its Ready condition is False": [[ready("False", "HostNotOwned")], "notReady"],
    "is waiting while its Ready condition is Unknown": [[ready("Unknown", "NoVerifier")], "waiting"],
    "is waiting while its condition is of an older generation": [[ready("True", "Ready", 1)], "waiting"],
    "is waiting without a condition": [[], "waiting"],
  };
  test.each(Object.entries(cases))("%s", (_, [conditions, state]) => {
    const object = { ...common, metadata: { ...metadata, creationTimestamp: "" }, status: { conditions } };
    expect(stateOf(object).state).toBe(state);
  });

  test("is deleting once it has a deletion time, whatever its conditions are", () => {
    const deleted = { ...metadata, creationTimestamp: "", deletionTimestamp: "2026-11-28T12:00:00Z" };
    const status = { conditions: [ready("True", "Ready")] };
    expect(stateOf({ ...common, metadata: deleted, status }).state).toBe("deleting");
  });
});

describe("the overview", () => {
  test("lists what ends within 30 days, soonest first, without what has ended", () => {
    const objects = emptyObjects();
    const put = (name: string, expiresAt: string, retiresAt?: string) =>
      objects.applications.put(name, {
        ...{ ...common, metadata: { ...metadata, name, creationTimestamp: "" }, spec: { expiresAt } },
        status: {
          keys: [{ apiAppKey: `APID${name}`, state: "Retiring", ...(retiresAt ? { retiresAt } : {}) }],
        },
      } as never);
    put("soon", "2026-12-20T00:00:00Z", "2026-12-01T00:00:00Z");
    put("late", "2026-12-29T00:00:00Z");
    put("over", "2026-11-27T00:00:00Z");
    const { ending } = overviewOf(objects, NOW);
    expect(ending.map(({ what, name, key }) => `${what} ${name} ${key}`)).toEqual([
      "KeyPair soon APIDsoon",
      "Application soon ",
    ]);
  });

  test("counts more problems than it lists", () => {
    const objects = emptyObjects();
    for (let one = 0; one < 60; one++)
      objects.grants.put(`${one}`, {
        ...{ ...common, kind: "ApiGrant", metadata: { ...metadata, name: `g${one}` }, spec: {} },
        status: { conditions: [ready("False", "HostNotOwned")] },
      } as never);
    const { problems, problemCount, counts } = overviewOf(objects, NOW);
    expect([problems.length, problemCount, counts.ApiGrant.notReady]).toEqual([50, 60, 60]);
  });
});
