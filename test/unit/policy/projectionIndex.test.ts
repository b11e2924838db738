import { describe, expect, test } from "@jest/globals";
import { ask, indexOf, verdict, WORLD } from "../../support/decisions.ts";
import { application, domain, grant, stored } from "../../support/documents.ts";

describe("P27: the index", () => {
  test("does not bring a deleted projection back by an old event", () => {
    const index = indexOf(WORLD);
    index.remove(stored(grant()).name, "10");
    index.upsert(stored(grant(), 9));
    expect(verdict(ask(index))).toBe("NoApiMatch");
  });
  test("compares versions as numbers", () => {
    const index = indexOf(WORLD);
    index.upsert(stored(application({ suspended: true }), 10));
    index.upsert(stored(application(), 9));
    expect(verdict(ask(index))).toBe("ApplicationSuspended");
  });
  test("forgets what a full list does not name", () => {
    const index = indexOf(WORLD);
    index.replace([stored(application(), 5), stored(domain(), 5)]);
    expect(verdict(ask(index))).toBe("NoApiMatch");
  });
  test("treats a document that it cannot read as absent, and counts it", () => {
    const index = indexOf(WORLD);
    index.upsert({
      name: stored(application()).name,
      resourceVersion: "7",
      document: undefined,
      problem: "broken",
    });
    expect(verdict(ask(index))).toBe("KeyUnknown");
    expect(index.counts()).toEqual({ applications: 0, grants: 1, domains: 1, unreadable: 1 });
  });
});
