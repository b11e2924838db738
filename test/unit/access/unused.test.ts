import { describe, expect, test } from "@jest/globals";
import { type UsedObjects, unusedOf } from "../../../src/access/unused.ts";
import type { ApiGrant } from "../../../src/api/apiGrant.ts";
import type { Application } from "../../../src/api/application.ts";

const DAY_MS = 86_400_000;
const NOW = Date.parse("2026-06-30T12:00:00Z");
const LONG_AGO = "2026-01-01T00:00:00Z";

const metadata = { namespace: "team-shop", creationTimestamp: LONG_AGO };
const application = (status: object, spec: object = { credentials: {} }) =>
  ({
    kind: "Application",
    metadata: { ...metadata, name: "mobile" },
    spec,
    status,
  }) as unknown as Application;
const grant = (status: object) =>
  ({
    kind: "ApiGrant",
    metadata: { ...metadata, name: "partners" },
    spec: {},
    status,
  }) as unknown as ApiGrant;
const key = (lastUsedTime?: string, more: object = {}) => ({
  ...{ apiAppKey: "APIDa", state: "Active", createdAt: LONG_AGO },
  ...(lastUsedTime ? { lastUsedTime } : {}),
  ...more,
});

/** What is unused for 30 days, and what is undecided, as `<key or grant> <last day>`. */
function judged(objects: Partial<UsedObjects>, withinDays = 30) {
  const found = unusedOf({ applications: [], grants: [], ...objects }, withinDays * DAY_MS, NOW);
  const text = (all: typeof found.unused) =>
    all.map(({ object, key: id, lastUsed = "never" }) => `${id ?? object} ${lastUsed}`);
  return { unused: text(found.unused), undecided: text(found.undecided) };
}

describe("a key or a grant", () => {
  const since = { useRecordedSince: LONG_AGO };
  const cases: Record<string, [Partial<UsedObjects>, "unused" | "undecided" | "used"]> = {
    "that was used 30 whole days ago is unused": [
      { grants: [grant({ ...since, lastUsedTime: "2026-05-30T00:00:00Z" })] },
      "unused",
    ],
    "that was used on the 30th day before is used": [
      { grants: [grant({ ...since, lastUsedTime: "2026-05-31T00:00:00Z" })] },
      "used",
    ],
    "that was never used since a record of 30 days began is unused": [
      { grants: [grant({ useRecordedSince: "2026-05-31T12:00:00Z" })] },
      "unused",
    ],
    "that is recorded for less is undecided": [
      { grants: [grant({ useRecordedSince: "2026-05-31T12:00:01Z" })] },
      "undecided",
    ],
    "that was used before a record that is too short is undecided": [
      { grants: [grant({ useRecordedSince: "2026-06-29T00:00:00Z", lastUsedTime: LONG_AGO })] },
      "undecided",
    ],
    "that is not recorded is undecided": [{ applications: [application({ keys: [key()] })] }, "undecided"],
    "that is not recorded now, and was used within the time, is used": [
      { applications: [application({ keys: [key("2026-06-29T00:00:00Z")] })] },
      "used",
    ],
    "that is younger than the record is undecided until it is old enough": [
      {
        applications: [
          application({ ...since, keys: [key(undefined, { createdAt: "2026-06-01T00:00:00Z" })] }),
        ],
      },
      "undecided",
    ],
    "that is not in the credentials Secret yet is not listed": [
      { applications: [application({ ...since, keys: [key(undefined, { state: "Pending" })] })] },
      "used",
    ],
    "that is a public key is judged like a key pair": [
      {
        applications: [
          application(
            { ...since, publicKeys: [] },
            { credentials: { publicKeys: [{ keyId: "partner-1", algorithm: "ed25519", publicKey: "" }] } },
          ),
        ],
      },
      "unused",
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [objects, expected]) => {
    const { unused, undecided } = judged(objects);
    expect([unused.length, undecided.length]).toEqual([
      expected === "unused" ? 1 : 0,
      expected === "undecided" ? 1 : 0,
    ]);
  });

  test("is listed with its last day, keys before grants", () => {
    const keys = [key("2026-02-03T00:00:00Z"), key("2026-06-29T00:00:00Z", { apiAppKey: "APIDb" })];
    const objects = { applications: [application({ ...since, keys })], grants: [grant(since)] };
    expect(judged(objects).unused).toEqual(["APIDa 2026-02-03", "team-shop/partners never"]);
    expect(judged(objects, 1).unused).toEqual(["APIDa 2026-02-03", "team-shop/partners never"]);
  });
});
