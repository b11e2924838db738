import { describe, expect, test } from "@jest/globals";
import { hasCurrentConditions } from "../../../../../src/cli/shared/reconcile/untilReconciled.ts";
import { FilesCollection } from "../../../../../src/store/files/collection.ts";

interface Ready {
  readonly status: string;
  readonly observedGeneration: number;
}

/** A store of one object of each kind, at generation 2 with this Ready condition; undefined is an object without conditions. */
function storeOf(ready: Readonly<Record<"applications" | "grants" | "domains", Ready | undefined>>) {
  const collectionOf = (condition: Ready | undefined) => {
    const status = condition ? { conditions: [{ type: "Ready", ...condition }] } : undefined;
    const collection = new FilesCollection<never>();
    collection.put("a", { metadata: { name: "a", generation: 2 }, ...(status ? { status } : {}) } as never);
    return collection;
  };
  return {
    applications: collectionOf(ready.applications),
    grants: collectionOf(ready.grants),
    domains: collectionOf(ready.domains),
  };
}

describe("conditions are current", () => {
  const current = { status: "False", observedGeneration: 2 };
  const cases: Record<string, [grants: Ready | undefined, isCurrent: boolean]> = {
    "when every object has one of its generation, True or False": [current, true],
    "not while one of them is of an older generation": [{ ...current, observedGeneration: 1 }, false],
    "not while one of them is Unknown": [{ ...current, status: "Unknown" }, false],
    "not while an object has none": [undefined, false],
  };
  test.each(Object.entries(cases))("%s", (_, [grants, isCurrent]) => {
    const others = { applications: { ...current, status: "True" }, domains: current };
    expect(hasCurrentConditions(storeOf({ ...others, grants }))).toBe(isCurrent);
  });
});
