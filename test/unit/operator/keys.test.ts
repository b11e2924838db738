import { describe, expect, test } from "@jest/globals";
import { Secret } from "../../../src/api/secret.ts";
import { type KeyFacts, nextKeys } from "../../../src/operator/application/keys.ts";
import type { KeyRecord } from "../../../src/projection/documents.ts";

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
const retired = "2026-01-10T00:00:00Z";
const later = "2026-01-10T00:00:01Z";

function facts(change: Partial<KeyFacts>): KeyFacts {
  return {
    keys: [],
    revoked: new Set(),
    credentials: { source: "Generated" },
    imported: { kind: "none" },
    fresh: { applicationId: "app-fresh000", apiAppKey: "NEW", apiAppSecret: Secret.of("new") },
    mayPublish: false,
    published: undefined,
    now: NOW,
    ...change,
  };
}

const A = key("A", "Active");
const P = key("P", "Pending");
const overlap = (hours: string) => ({ source: "Generated", rotation: { overlap: hours } }) as const;

/** Each row: what is there, and the keys that come of it, with the end of those that have one. */
const rows: Record<string, [Partial<KeyFacts>, readonly string[]]> = {
  "the first key is pending": [{}, ["NEW Pending"]],
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
  "a key is gone at the very second of its end, not before": [
    { keys: [A, key("X", "Retiring", { retiresAt: retired }), key("Y", "Retiring", { retiresAt: later })] },
    ["A Active", `Y Retiring until ${later}`],
  ],
  "a revoked active key is replaced in the same write": [
    { keys: [A], revoked: new Set(["A"]), published: "A" },
    ["NEW Pending"],
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
  "a generated key replaced before it was published goes, since nobody has it": [
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

  const rotations: Record<string, [KeyFacts["credentials"]["rotation"], boolean]> = {
    "not without a reason": [{}, false],
    "on request": [{ requestedAt: "2026-01-09T00:00:00Z" }, true],
    "not on a request that lies ahead": [{ requestedAt: "2026-01-11T00:00:00Z" }, false],
    "not on a request that an earlier rotation met": [{ requestedAt: "2026-01-01T00:00:00.900Z" }, false],
    "when its interval is over": [{ interval: "216h" }, true],
    "not before its interval is over": [{ interval: "217h" }, false],
  };
  test.each(Object.entries(rotations))("rotates %s", (_, [rotation, rotates]) => {
    const next = nextKeys(
      facts({ keys: [A], credentials: { source: "Generated", ...(rotation ? { rotation } : {}) } }),
    );
    expect(next.some(({ state }) => state === "Pending")).toBe(rotates);
  });
});
