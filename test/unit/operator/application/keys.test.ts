import { describe, expect, test } from "@jest/globals";
import { Secret } from "../../../../src/api/secret.ts";
import { type KeyFacts, nextKeys } from "../../../../src/operator/application/keys.ts";
import type { KeyRecord } from "../../../../src/projection/documents.ts";

const NOW = Date.parse("2026-01-10T00:00:00Z");

function key(apiAppKey: string, state: KeyRecord["state"], change: Partial<KeyRecord> = {}): KeyRecord {
  const createdAt = "2026-01-01T00:00:00Z";
  const apiAppSecret = Secret.of(`${apiAppKey}-secret`);
  return { apiAppKey, apiAppSecret, source: "Generated", state, createdAt, ...change };
}

const imported = (apiAppKey: string, state: KeyRecord["state"]) =>
  key(apiAppKey, state, { source: "Imported" });
const pair = (apiAppKey: string) =>
  ({ kind: "pair", apiAppKey, apiAppSecret: Secret.of(`${apiAppKey}-secret`) }) as const;
const fromImport = { credentials: { source: "Imported", importFrom: { name: "old" } } } as const;
const forgotten = "2026-01-09T22:00:00Z";
const recorded = "2026-01-09T22:00:01Z";
const far = "2026-02-01T00:00:00Z";

function facts(change: Partial<KeyFacts>): KeyFacts {
  return {
    keys: [],
    revoked: new Set(),
    credentials: { source: "Generated" },
    imported: { kind: "none" },
    rotatedFor: undefined,
    fresh: { applicationId: "app-fresh000", apiAppKey: "NEW", apiAppSecret: Secret.of("new") },
    mayPublish: false,
    published: undefined,
    now: NOW,
    ...change,
  };
}

/** A key replaced an hour ago, with an overlap of two hours. */
const ENDING = key("X", "Retiring", {
  replacedAt: "2026-01-09T23:00:00Z",
  retiresAt: "2026-01-10T01:00:00Z",
});
const A = key("A", "Active");
const P = key("P", "Pending");
const overlap = (hours: string) => ({ source: "Generated", rotation: { overlap: hours } }) as const;

/** Each row: what is there, and the keys that come of it, with the end of those that have one. */
const rows: Record<string, [Partial<KeyFacts>, readonly string[]]> = {
  "the first key is active at once, since it replaces none": [{}, ["NEW Active"]],
  "the first imported key is active at once": [{ ...fromImport, imported: pair("K") }, ["K Active"]],
  "an active key stays as it is": [{ keys: [A], published: "A" }, ["A Active"]],
  "a pending key waits for the verifiers": [{ keys: [A, P], published: "A" }, ["A Active", "P Pending"]],
  "a pending key that the verifiers have becomes active, and the former one has no end yet": [
    { keys: [A, P], published: "A", mayPublish: true },
    ["A Retiring", "P Active"],
  ],
  "a former key gets its end when callers can read its successor": [
    { keys: [key("A", "Retiring"), key("P", "Active")], published: "P", credentials: overlap("2h") },
    ["A Retiring until 2026-01-10T02:00:00Z", "P Active"],
  ],
  "a former key has no end while callers still read it": [
    { keys: [key("A", "Retiring"), key("P", "Active")], published: "A" },
    ["A Retiring", "P Active"],
  ],
  "a retired key stays on record for two hours, since the verifiers' clocks are what counts": [
    {
      keys: [
        A,
        key("X", "Retiring", { retiresAt: forgotten }),
        key("Y", "Retiring", { retiresAt: recorded }),
      ],
    },
    ["A Active", `Y Retiring until ${recorded}`],
  ],
  "retired keys take no other key's place, the earliest goes first": [
    {
      keys: [
        A,
        ...Array.from({ length: 14 }, (_, index) =>
          key(`R${index}`, "Retiring", { replacedAt: recorded, retiresAt: far }),
        ),
        key("Y", "Retiring", { retiresAt: "2026-01-09T23:00:00Z" }),
        key("X", "Retiring", { retiresAt: recorded }),
      ],
    },
    ["A Active", ...Array.from({ length: 14 }, (_, index) => `R${index} Retiring until ${far}`)],
  ],
  "a longer overlap moves an announced end away": [
    { keys: [ENDING, A], published: "A", credentials: overlap("9h") },
    ["X Retiring until 2026-01-10T08:00:00Z", "A Active"],
  ],
  "a shorter overlap takes nothing from an announced end": [
    { keys: [ENDING, A], published: "A", credentials: overlap("90m") },
    ["X Retiring until 2026-01-10T01:00:00Z", "A Active"],
  ],
  "a longer overlap does not bring a retired key back": [
    {
      keys: [key("X", "Retiring", { replacedAt: "2026-01-09T22:00:00Z", retiresAt: recorded }), A],
      credentials: overlap("9h"),
    },
    [`X Retiring until ${recorded}`, "A Active"],
  ],
  "a clock that was set back shortens no overlap": [
    {
      keys: [key("A", "Retiring"), key("P", "Active", { createdAt: "2026-01-10T01:00:00Z" })],
      published: "P",
      credentials: overlap("2h"),
    },
    ["A Retiring until 2026-01-10T03:00:00Z", "P Active"],
  ],
  "a revoked active key is replaced in the same write": [
    { keys: [A], revoked: new Set(["A"]), published: "A" },
    ["NEW Active"],
  ],
  "a key beside a former key alone is active at once, and the former one has no end while callers read it": [
    { keys: [key("A", "Retiring")], published: "A" },
    ["A Retiring", "NEW Active"],
  ],
  "a revoked key does not take a pending one with it": [
    { keys: [A, P], revoked: new Set(["A"]), published: "A" },
    ["P Pending"],
  ],
  "a revoked pending key is replaced too": [{ keys: [A, P], revoked: new Set(["P"]) }, ["A Active"]],
  "an import is pending beside the generated key": [
    { ...fromImport, keys: [A], imported: pair("K") },
    ["A Active", "K Pending"],
  ],
  "an import that cannot be used changes nothing": [
    { ...fromImport, keys: [A], imported: { kind: "unusable", reason: "ImportInvalid", message: "" } },
    ["A Active"],
  ],
  "an import that is active stays": [
    { ...fromImport, keys: [imported("K", "Active")], imported: pair("K") },
    ["K Active"],
  ],
  "an import replaced before it was published stays valid, since its callers may have it": [
    { ...fromImport, keys: [A, imported("K", "Pending")], imported: pair("L"), published: "A" },
    ["A Active", "K Retiring", "L Pending"],
  ],
  "a generated key replaced before it was published is removed, since no client has it": [
    { ...fromImport, keys: [A, P], imported: pair("L") },
    ["A Active", "L Pending"],
  ],
  "an import taken back is valid throughout": [
    { ...fromImport, keys: [imported("K", "Retiring"), imported("L", "Active")], imported: pair("K") },
    ["L Active", "K Pending"],
  ],
  "going back to a generated key makes a new one": [
    { keys: [imported("K", "Active")], published: "K" },
    ["K Active", "NEW Pending"],
  ],
  "sixteen keys are enough": [
    {
      keys: [A, ...Array.from({ length: 15 }, (_, index) => key(`R${index}`, "Retiring"))],
      credentials: { source: "Generated", rotation: { requestedAt: "2026-01-09T00:00:00Z" } },
    },
    ["A Active", ...Array.from({ length: 15 }, (_, index) => `R${index} Retiring`)],
  ],
};

describe("the next state of the keys", () => {
  test.each(Object.entries(rows))("%s", (_, [change, expected]) => {
    const shown = nextKeys(facts(change)).map(
      ({ apiAppKey, state, retiresAt }) => `${apiAppKey} ${state}${retiresAt ? ` until ${retiresAt}` : ""}`,
    );
    expect(shown).toEqual(expected);
  });

  const rotations: Record<string, [KeyFacts["credentials"]["rotation"], boolean, string?]> = {
    "not without a reason": [{}, false],
    "on request": [{ requestedAt: "2026-01-09T00:00:00Z" }, true],
    "not on a request that lies ahead": [{ requestedAt: "2026-01-11T00:00:00Z" }, false],
    "not on a request that was met": [{ requestedAt: "2026-01-09T00:00:00Z" }, false, "2026-01-09T00:00:00Z"],
    "not on a request older than the one that was met": [
      { requestedAt: "2026-01-08T00:00:00Z" },
      false,
      "2026-01-09T00:00:00Z",
    ],
    "on a request older than the key, whose clock may have been wrong": [
      { requestedAt: "2025-12-31T00:00:00Z" },
      true,
      "2025-12-30T00:00:00Z",
    ],
    "when its interval is over": [{ interval: "216h" }, true],
    "not before its interval is over": [{ interval: "217h" }, false],
  };
  test.each(Object.entries(rotations))("rotates %s", (_, [rotation, rotates, rotatedFor]) => {
    const next = nextKeys(
      facts({
        keys: [A],
        rotatedFor,
        credentials: { source: "Generated", ...(rotation ? { rotation } : {}) },
      }),
    );
    expect(next.some(({ state }) => state === "Pending")).toBe(rotates);
  });
});
