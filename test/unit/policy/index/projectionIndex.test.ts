import { describe, expect, test } from "@jest/globals";
import { ProjectionIndex } from "../../../../src/policy/index/projectionIndex.ts";
import { ask, indexOf, verdict, WORLD } from "../../../support/decisions.ts";
import { application, domain, grant, stored } from "../../../support/documents.ts";

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
    expect(index.counts()).toEqual({
      applications: 0,
      grants: 1,
      shadowGrants: 0,
      domains: 1,
      unreadable: 1,
    });
  });
});

describe("after projections were removed, the index", () => {
  const name = (at: number) => `application.team-shop.a${at}`;
  const projection = (at: number, version: number) =>
    stored(application({ name: `a${at}`, uid: `u${at}`, applicationId: `app-${at}`, keys: [] }), version);

  /** An index from which so many were removed, each at version 10, the first one first. */
  function afterRemovals(count: number): ProjectionIndex {
    const index = new ProjectionIndex();
    for (let at = 0; at < count; at++) index.remove(name(at), "10");
    return index;
  }

  test("remembers the version, so that an older event is ignored and a newer one is not", () => {
    const index = afterRemovals(1);
    index.upsert(projection(0, 9));
    index.upsert(projection(0, 10));
    expect(index.counts().applications).toBe(0);
    index.upsert(projection(0, 11));
    expect(index.counts().applications).toBe(1);
  });

  test("remembers the versions of the last 10,000", () => {
    const index = afterRemovals(10_000);
    index.upsert(projection(0, 9));
    index.upsert(projection(9_999, 9));
    expect(index.counts().applications).toBe(0);
  });

  test("forgets the first one when 10,001 were removed", () => {
    const index = afterRemovals(10_001);
    for (const at of [0, 1, 10_000]) index.upsert(projection(at, 9));
    expect([0, 1, 10_000].map((at) => index.applications.has(`app-${at}`))).toEqual([true, false, false]);
  });

  test("does not evict one that was created again", () => {
    const index = afterRemovals(1);
    index.upsert(projection(0, 11));
    for (let at = 1; at <= 10_000; at++) index.remove(name(at), "10");
    index.upsert(stored(application({ name: "a0", applicationId: "app-former00", keys: [] }), 9));
    index.upsert(projection(1, 9));
    expect(["app-0", "app-former00", "app-1"].map((id) => index.applications.has(id))).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("forgets those that a full list does not contain", () => {
    const index = afterRemovals(2);
    index.replace([projection(1, 20)]);
    index.upsert(projection(0, 9));
    expect(index.counts().applications).toBe(2);
  });
});

describe("the index", () => {
  test("prefers a full list to a newer event of a lost watch", () => {
    const index = indexOf(WORLD);
    index.upsert(stored(application({ suspended: true }), 30));
    index.replace([stored(application(), 20), stored(grant(), 5), stored(domain(), 5)]);
    expect(verdict(ask(index))).toBe("allow");
  });

  test("treats a tombstone as absent", () => {
    for (const tombstone of [
      application({ tombstone: true }),
      grant({ tombstone: true }),
      domain({ tombstone: true }),
    ]) {
      const index = indexOf(WORLD);
      index.upsert(stored(tombstone, 7));
      const { applications, grants, domains } = index.counts();
      expect([applications + grants + domains, verdict(ask(index))]).toEqual([
        2,
        expect.not.stringMatching("allow"),
      ]);
    }
  });

  test("uses a document again once it is readable", () => {
    const index = indexOf(WORLD);
    const { name } = stored(application());
    index.upsert({ name, resourceVersion: "7", document: undefined, problem: "broken" });
    index.upsert(stored(application(), 8));
    expect(verdict(ask(index))).toBe("allow");
    expect(index.counts().unreadable).toBe(0);
  });
});
