import { beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { DocumentIndex } from "../../../../src/operator/index/documentIndex.ts";
import { GrantEntry } from "../../../../src/policy/index/grantEntry.ts";
import type { GrantedApplication, Projection } from "../../../../src/projection/documents.ts";
import { application, domain, grant, stored } from "../../../support/documents.ts";

let documents: DocumentIndex;
beforeEach(() => {
  documents = new DocumentIndex();
});
const put = (document: Projection) => documents.update(stored(document).name, document);
const remove = (document: Projection) => documents.update(stored(document).name, undefined);

describe("a projection", () => {
  test("is returned by the update that replaces it", () => {
    expect(put(application())).toBeUndefined();
    expect(put(application({ suspended: true }))).toEqual(application());
    expect(remove(application())).toEqual(application({ suspended: true }));
  });

  test("of a grant or a domain is out of effect as a tombstone", () => {
    put(grant());
    put(domain());
    expect([[...documents.grants.entries()].length, [...documents.domains.entries()].length]).toEqual([1, 1]);
    put(grant({ tombstone: true }));
    put(domain({ tombstone: true }));
    expect([[...documents.grants.entries()].length, [...documents.domains.entries()].length]).toEqual([0, 0]);
    expect(documents.domains.ownerOf("api.shop.example.com")).toBeUndefined();
  });

  test("of an Application that goes without having been a tombstone is remembered until it is back or forgotten", () => {
    const { name } = stored(application());
    put(application());
    remove(application());
    expect(documents.lost(name)).toEqual(application());
    put(application());
    expect(documents.lost(name)).toBeUndefined();
    remove(application());
    documents.forget(name);
    expect(documents.lost(name)).toBeUndefined();
  });

  test("of an Application that goes as a tombstone, and of any grant, is not remembered", () => {
    put(application());
    put(application({ tombstone: true }));
    remove(application());
    put(grant());
    remove(grant());
    expect([application(), grant()].map((one) => documents.lost(stored(one).name))).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe("between grants and Applications", () => {
  const entry: fc.Arbitrary<GrantedApplication> = fc.oneof(
    fc.constantFrom("a", "b").map((name) => ({ kind: "name", name }) as const),
    fc
      .constantFrom("x", "y")
      .map((tier) => ({ kind: "selector", selector: { matchLabels: { tier } } }) as const),
    fc.constantFrom("app-a", "app-b").map((applicationId) => ({ kind: "id", applicationId }) as const),
    fc
      .constantFrom("n1", "n2")
      .map((namespace) => ({ kind: "id", applicationId: "app-a", namespace }) as const),
  );
  const namespace = fc.constantFrom("n1", "n2");
  const applications = fc.uniqueArray(
    fc.record({
      namespace,
      name: fc.constantFrom("a", "b"),
      tier: fc.constantFrom("x", "y"),
      tombstone: fc.boolean(),
    }),
    { selector: (one) => `${one.namespace}/${one.name}`, maxLength: 4 },
  );
  const grants = fc.array(fc.record({ namespace, applications: fc.array(entry, { maxLength: 3 }) }), {
    maxLength: 4,
  });

  test("lookups in both directions return exactly the matching ones, each once", () => {
    fc.assert(
      fc.property(applications, grants, (apps, list) => {
        const world = new DocumentIndex();
        const all = apps.map(({ tier, ...one }) =>
          application({
            ...one,
            uid: `${one.namespace}/${one.name}`,
            applicationId: `app-${one.name}`,
            labels: { tier },
          }),
        );
        const documents = list.map((one, at) => grant({ ...one, name: `g${at}` }));
        for (const one of [...all, ...documents]) world.update(stored(one).name, one);
        const living = all.filter(({ tombstone }) => !tombstone);
        for (const document of documents) {
          const meant = living.filter((one) => new GrantEntry(document).isMeantFor(one));
          const found = [...world.applicationsOf(new GrantEntry(document))];
          expect(found.map(({ uid }) => uid).sort()).toEqual(meant.map(({ uid }) => uid).sort());
        }
        for (const one of living) {
          const meant = documents.filter((document) => new GrantEntry(document).isMeantFor(one));
          const found = [...world.grants.meantFor(one)].map(({ document }) => document.name);
          expect(found.sort()).toEqual(meant.map(({ name }) => name).sort());
        }
      }),
    );
  });
});
