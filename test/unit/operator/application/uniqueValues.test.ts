import { describe, expect, test } from "@jest/globals";
import { Secret } from "../../../../src/api/secret.ts";
import { newUniqueValues } from "../../../../src/operator/application/uniqueValues.ts";
import type { WriteStep } from "../../../../src/operator/plan/step.ts";
import type { ApplicationProjection, KeyRecord } from "../../../../src/projection/documents.ts";
import { application, grant } from "../../../support/documents.ts";

const key = (apiAppKey: string): KeyRecord => ({
  apiAppKey,
  apiAppSecret: Secret.of(`${apiAppKey}-secret`),
  source: "Generated",
  state: "Active",
  createdAt: "2026-01-01T00:00:00Z",
});
const withKeys = (...names: readonly string[]) =>
  application({ applicationId: "app-1", keys: names.map(key) });
const stored = (document: ApplicationProjection) => ({
  name: "application.team.shop",
  document,
  change: "Addition" as const,
  resourceVersion: "1",
});

describe("the values that a step reserves are", () => {
  const cases: Record<string, [WriteStep, ApplicationProjection | undefined, readonly string[]]> = {
    "id and keys of a new Application": [
      { kind: "createProjection", document: withKeys("A"), change: "Addition" },
      undefined,
      ["app-1", "A"],
    ],
    "only the added key of a known Application": [
      { kind: "replaceProjection", document: withKeys("A", "B"), change: "Addition", resourceVersion: "1" },
      withKeys("A"),
      ["B"],
    ],
    "none for a grant": [{ kind: "createProjection", document: grant(), change: "Addition" }, undefined, []],
    "none for a write that is not one of a projection": [
      { kind: "deleteProjection", name: "application.team.shop", resourceVersion: "1" },
      withKeys("A"),
      [],
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [step, before, expected]) => {
    expect(newUniqueValues(step, { projection: before && stored(before) })).toEqual(expected);
  });
});
