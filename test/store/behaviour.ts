import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { API_VERSION, FINALIZER, LABEL_CREDENTIALS, projectionName } from "../../src/api/names.ts";
import { Secret } from "../../src/api/secret.ts";
import { compareVersions } from "../../src/projection/versions.ts";
import type {
  Collection,
  CredentialsContent,
  ObjectRef,
  Store,
  WriteOutcome,
} from "../../src/store/store.ts";
import { application, domain, grant, key } from "../support/documents.ts";
import { eventually } from "../support/events.ts";

/** A Kubernetes object as a person writes it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** A store under test, and the hand of the person who applies objects beside it. */
export interface StoreHarness {
  /** The running store; another one after `restart`. */
  readonly store: Store;
  /** As `kubectl apply` does. */
  apply(manifest: Manifest): Promise<void>;
  /** As `kubectl delete --wait=false` does, with the manifest that was applied. */
  remove(manifest: Manifest): Promise<void>;
  /** Ends the store and starts another one on what the first one kept. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** What every implementation of Store does alike; each one's own test runs it. */
export function describeStore(name: string, makeStore: () => Promise<StoreHarness>): void {
  describe(`the ${name} store`, () => {
    let harness: StoreHarness;
    beforeAll(async () => {
      harness = await makeStore();
      await harness.apply(namespaceManifest());
    }, 120_000);
    afterAll(async () => harness?.stop());

    describeCollections(() => harness);
    describeObjects(() => harness);
    describeProjections(() => harness);
    describeCredentials(() => harness);
    describeUseRecord(() => harness);
    describeRestart(() => harness);
  });
}

type Harness = () => StoreHarness;
const NAMESPACE = "team-shop";
const SLOW = 30_000;

function describeCollections(harness: Harness): void {
  describe("a collection", () => {
    test(
      "notifies of each object that is added, changed and removed, by its key",
      async () => {
        const heard = hear(harness().store.applications);
        const manifest = applicationManifest("watched");
        await harness().apply(manifest);
        await heard.once("team-shop/watched");
        heard.clear();
        await harness().apply({ ...manifest, spec: { displayName: "changed" } });
        await heard.once("team-shop/watched");
        await eventually(
          () => harness().store.applications.get("team-shop/watched")?.spec.displayName === "changed",
        );
        heard.clear();
        await harness().remove(manifest);
        await heard.once("team-shop/watched");
        await eventually(() => harness().store.applications.get("team-shop/watched") === undefined);
        heard.stop();
      },
      SLOW,
    );

    test(
      "does not notify a listener that has stopped",
      async () => {
        const [stopped, listening] = [hear(harness().store.applications), hear(harness().store.applications)];
        stopped.stop();
        await harness().apply(applicationManifest("unheard"));
        await listening.once("team-shop/unheard");
        expect(stopped.keys).toEqual([]);
        listening.stop();
      },
      SLOW,
    );

    test(
      "keys cluster-scoped objects by their name alone, and holds the labels of namespaces",
      async () => {
        await harness().apply(domainManifest("shop"));
        const found = await eventually(() => harness().store.domains.get("shop"));
        expect(found.spec.hosts).toEqual(["api.shop.example.com"]);
        const namespace = await eventually(() => harness().store.namespaces.get(NAMESPACE));
        expect(namespace.metadata.labels).toMatchObject({ tier: "internal" });
        expect([...harness().store.domains.values()].map(({ metadata }) => metadata.name)).toContain("shop");
        expect(harness().store.domains.size).toBeGreaterThan(0);
      },
      SLOW,
    );

    test(
      "holds the labelled Secrets with decoded values that do not print",
      async () => {
        await harness().apply(secretManifest("to-import", "an-old-secret-of-40-characters"));
        const secret = await eventually(() => harness().store.secrets.get("team-shop/to-import"));
        expect(secret.data.get("ApiAppSecret")?.reveal()).toBe("an-old-secret-of-40-characters");
        expect(JSON.stringify([...secret.data])).not.toContain("an-old-secret");
      },
      SLOW,
    );
  });
}

function describeObjects(harness: Harness): void {
  const applied = async (name: string) => {
    await harness().apply(applicationManifest(name));
    const found = await eventually(() => harness().store.applications.get(`${NAMESPACE}/${name}`));
    return { ref: refOf(name, found.metadata.uid), version: found.metadata.resourceVersion };
  };

  describe("an object", () => {
    test(
      "carries a UID, a version, a creation time and a generation that grows with its spec",
      async () => {
        await applied("identified");
        const before = harness().store.applications.get("team-shop/identified");
        expect(before?.metadata.uid).toMatch(/\S/);
        expect(before?.metadata.resourceVersion).toMatch(/^[1-9][0-9]*$/);
        expect(Date.parse(before?.metadata.creationTimestamp ?? "")).not.toBeNaN();
        await harness().apply({ ...applicationManifest("identified"), spec: { suspended: true } });
        const after = await eventually(() => {
          const now = harness().store.applications.get("team-shop/identified");
          return now?.spec.suspended === true && now;
        });
        expect(after.metadata.uid).toBe(before?.metadata.uid);
        expect(after.metadata.generation).toBeGreaterThan(before?.metadata.generation ?? Infinity);
      },
      SLOW,
    );

    test(
      "is read as it is now, and as absent before and after",
      async () => {
        const read = () => harness().store.readObject("Application", NAMESPACE, "read");
        expect(await read()).toBeUndefined();
        const { ref } = await applied("read");
        expect(await read()).toMatchObject({ uid: ref.uid, generation: 1 });
        await harness().remove(applicationManifest("read"));
        await eventually(async () => (await read()) === undefined);
      },
      SLOW,
    );

    test(
      "with a finalizer stays, with a deletion time, until the finalizer is taken away",
      async () => {
        const { ref, version } = await applied("held");
        const written = await harness().store.writeFinalizers(ref, [FINALIZER], version);
        expect(written.kind).toBe("written");
        await harness().remove(applicationManifest("held"));
        const dying = await eventually(() => {
          const found = harness().store.applications.get("team-shop/held");
          return found?.metadata.deletionTimestamp !== undefined && found;
        });
        expect(dying.metadata.uid).toBe(ref.uid);
        const freed = await harness().store.writeFinalizers(ref, [], dying.metadata.resourceVersion);
        expect(freed.kind).toBe("written");
        await eventually(() => harness().store.applications.get("team-shop/held") === undefined);
      },
      SLOW,
    );

    test(
      "that was deleted and made again has another UID",
      async () => {
        const { ref } = await applied("again");
        await harness().remove(applicationManifest("again"));
        await eventually(() => harness().store.applications.get("team-shop/again") === undefined);
        expect((await applied("again")).ref.uid).not.toBe(ref.uid);
      },
      SLOW,
    );

    test(
      "takes finalizers and a status only under the version that they were planned on",
      async () => {
        const { ref, version } = await applied("planned");
        const first = await harness().store.writeFinalizers(ref, [FINALIZER], version);
        expect(compareVersions(versionOf(first), version)).toBeGreaterThan(0);
        expect((await harness().store.writeFinalizers(ref, [], version)).kind).toBe("conflict");
        expect((await harness().store.writeStatus(ref, { observedGeneration: 7 }, version)).kind).toBe(
          "conflict",
        );
        expect(harness().store.applications.get("team-shop/planned")?.metadata.finalizers).toEqual([
          FINALIZER,
        ]);
      },
      SLOW,
    );

    test(
      "takes no finalizers that were planned on a namesake with another UID",
      async () => {
        const { ref, version } = await applied("namesake");
        const other = { ...ref, uid: "00000000-0000-4000-8000-000000000000" };
        expect((await harness().store.writeFinalizers(other, [FINALIZER], version)).kind).toBe("conflict");
      },
      SLOW,
    );

    test(
      "keeps its generation when its labels, finalizers or status change, and finalizers and status when it is applied",
      async () => {
        const { ref, version } = await applied("relabelled");
        const held = await harness().store.writeFinalizers(ref, [FINALIZER], version);
        await harness().store.writeStatus(ref, { observedGeneration: 7 }, versionOf(held));
        const manifest = applicationManifest("relabelled");
        await harness().apply({ ...manifest, metadata: { ...manifest.metadata, labels: { tier: "a" } } });
        const found = await eventually(() => {
          const now = harness().store.applications.get("team-shop/relabelled");
          return now?.metadata.labels?.tier === "a" && now;
        });
        expect(found.metadata).toMatchObject({ generation: 1, finalizers: [FINALIZER] });
        expect(compareVersions(found.metadata.resourceVersion, versionOf(held))).toBeGreaterThan(0);
        expect(found.status?.observedGeneration).toBe(7);
      },
      SLOW,
    );

    test(
      "that is being deleted takes no new finalizer",
      async () => {
        const { ref, version } = await applied("dying");
        await harness().store.writeFinalizers(ref, ["example.com/other"], version);
        await harness().remove(applicationManifest("dying"));
        const dying = await eventually(() => {
          const found = harness().store.applications.get("team-shop/dying");
          return found?.metadata.deletionTimestamp !== undefined && found;
        });
        const both = ["example.com/other", FINALIZER];
        const late = await harness().store.writeFinalizers(ref, both, dying.metadata.resourceVersion);
        expect(late).toMatchObject({ kind: "refused", message: expect.stringContaining("finalizers") });
        await harness().store.writeFinalizers(ref, [], dying.metadata.resourceVersion);
        await eventually(() => harness().store.applications.get("team-shop/dying") === undefined);
      },
      SLOW,
    );

    test(
      "shows a written status at once, and loses the fields that the next status does not have",
      async () => {
        const { ref, version } = await applied("stated");
        const status = {
          observedGeneration: 1,
          secretName: "stated-credentials",
          conditions: [condition("True")],
        };
        const first = await harness().store.writeStatus(ref, status, version);
        const shown = harness().store.applications.get("team-shop/stated");
        expect(shown?.metadata.resourceVersion).toBe(versionOf(first));
        expect(shown?.status).toMatchObject({ observedGeneration: 1, secretName: "stated-credentials" });
        const next = { observedGeneration: 2, conditions: [condition("False")] };
        expect((await harness().store.writeStatus(ref, next, versionOf(first))).kind).toBe("written");
        const replaced = harness().store.applications.get("team-shop/stated")?.status;
        expect(replaced).not.toHaveProperty("secretName");
        expect(replaced?.conditions?.find(({ type }) => type === "Ready")?.status).toBe("False");
      },
      SLOW,
    );

    test(
      "that is not there takes no write",
      async () => {
        const { ref, version } = await applied("vanished");
        await harness().remove(applicationManifest("vanished"));
        await eventually(() => harness().store.applications.get("team-shop/vanished") === undefined);
        expect((await harness().store.writeFinalizers(ref, [FINALIZER], version)).kind).toBe("gone");
        expect((await harness().store.writeStatus(ref, { observedGeneration: 1 }, version)).kind).toBe(
          "gone",
        );
      },
      SLOW,
    );
  });
}

function describeProjections(harness: Harness): void {
  describe("a projection", () => {
    test("is in the collection as soon as it is written, under its name", async () => {
      const document = application({ name: "written-app" });
      const outcome = await harness().store.createProjection(document, "Addition");
      const found = harness().store.projections.get("application.team-shop.written-app");
      expect(found).toMatchObject({
        name: "application.team-shop.written-app",
        resourceVersion: versionOf(outcome),
      });
      expect(found?.document).toEqual(document);
      expect(found?.document?.kind === "Application" && found.document.keys[0]?.apiAppSecret.reveal()).toBe(
        "mobile-secret-mobile-secret",
      );
    });

    test("has a version that is read as it is now", async () => {
      const read = () => harness().store.readProjectionVersion("grant.team-shop.read");
      expect(await read()).toBeUndefined();
      const version = versionOf(await harness().store.createProjection(grant({ name: "read" }), "Addition"));
      expect(await read()).toBe(version);
    });

    test("is created once: the second time is a conflict", async () => {
      const document = grant({ name: "twice" });
      expect((await harness().store.createProjection(document, "Addition")).kind).toBe("written");
      expect(
        (await harness().store.createProjection({ ...document, suspended: true }, "Addition")).kind,
      ).toBe("conflict");
      expect(harness().store.projections.get("grant.team-shop.twice")?.document).toEqual(document);
    });

    test("is replaced only under its version, which grows", async () => {
      const document = application({ name: "replaced" });
      const first = versionOf(await harness().store.createProjection(document, "Addition"));
      const changed = { ...document, keys: [key({ state: "Retiring" })] };
      const second = versionOf(await harness().store.replaceProjection(changed, "Addition", first));
      expect(compareVersions(second, first)).toBeGreaterThan(0);
      expect((await harness().store.replaceProjection(document, "Addition", first)).kind).toBe("conflict");
      const found = harness().store.projections.get("application.team-shop.replaced");
      expect(found).toMatchObject({ resourceVersion: second, document: changed });
    });

    test("is deleted only under its version", async () => {
      const document = domain({ name: "short-lived" });
      const first = versionOf(await harness().store.createProjection(document, "Addition"));
      const second = versionOf(
        await harness().store.replaceProjection({ ...document, tombstone: true }, "Removal", first),
      );
      expect((await harness().store.deleteProjection("domain.short-lived", first)).kind).toBe("conflict");
      expect((await harness().store.deleteProjection("domain.short-lived", second)).kind).toBe("written");
      expect(harness().store.projections.get("domain.short-lived")).toBeUndefined();
    });

    test("that is not there cannot be replaced or deleted", async () => {
      const document = grant({ name: "never-there" });
      expect((await harness().store.replaceProjection(document, "Addition", "1")).kind).toBe("gone");
      expect((await harness().store.deleteProjection("grant.team-shop.never-there", "1")).kind).toBe("gone");
    });

    test("keeps whether its last write was an addition or a removal", async () => {
      const document = grant({ name: "changed" });
      const changeOf = () => harness().store.projections.get("grant.team-shop.changed")?.change;
      const version = versionOf(await harness().store.createProjection(document, "Addition"));
      expect(changeOf()).toBe("Addition");
      await harness().store.replaceProjection({ ...document, suspended: true }, "Removal", version);
      expect(changeOf()).toBe("Removal");
    });

    test("that was deleted can be created again, as a newer one", async () => {
      const document = grant({ name: "returns" });
      const first = versionOf(await harness().store.createProjection(document, "Addition"));
      await harness().store.deleteProjection("grant.team-shop.returns", first);
      const second = versionOf(
        await harness().store.createProjection({ ...document, uid: "uid-other" }, "Addition"),
      );
      expect(compareVersions(second, first)).toBeGreaterThan(0);
      expect(harness().store.projections.get("grant.team-shop.returns")?.document?.uid).toBe("uid-other");
    });

    test("notifies its listeners", async () => {
      const heard = hear(harness().store.projections);
      await harness().store.createProjection(grant({ name: "audible" }), "Addition");
      await heard.once("grant.team-shop.audible");
      heard.stop();
    });
  });
}

function describeCredentials(harness: Harness): void {
  const owned = async (name: string): Promise<CredentialsContent> => {
    await harness().apply(applicationManifest(name));
    const owner = await eventually(() => harness().store.applications.get(`${NAMESPACE}/${name}`));
    return credentials(`${name}-credentials`, refOf(name, owner.metadata.uid));
  };
  const seen = (name: string) => harness().store.secrets.get(`${NAMESPACE}/${name}`);
  const values = (name: string) =>
    Object.fromEntries([...(seen(name)?.data ?? [])].map(([field, value]) => [field, value.reveal()]));

  describe("a credentials Secret", () => {
    test(
      "is created with its type, label, owner and three values",
      async () => {
        const content = await owned("fresh");
        const outcome = await harness().store.createCredentials(content);
        const secret = seen("fresh-credentials");
        expect(secret).toMatchObject({ type: "countersign.dev/credentials", immutable: false });
        expect(secret?.metadata.resourceVersion).toBe(versionOf(outcome));
        expect(secret?.metadata.labels).toMatchObject({ [LABEL_CREDENTIALS]: "true" });
        expect(secret?.metadata.ownerReferences).toMatchObject([
          { kind: "Application", name: "fresh", uid: content.owner.uid },
        ]);
        expect(values("fresh-credentials")).toEqual({
          ApiAppId: "app-mobile00",
          ApiAppKey: "APIDmobile",
          ApiAppSecret: "generated-secret",
        });
      },
      SLOW,
    );

    test(
      "never takes the place of a Secret that is there",
      async () => {
        const content = await owned("late");
        await harness().apply(secretManifest("late-credentials", "somebody's own secret"));
        await eventually(() => seen("late-credentials"));
        expect((await harness().store.createCredentials(content)).kind).toBe("conflict");
        expect(values("late-credentials")).toMatchObject({ ApiAppSecret: "somebody's own secret" });
      },
      SLOW,
    );

    test(
      "never takes the place of a Secret without the label, which is not seen",
      async () => {
        const content = await owned("hidden");
        const theirs = secretManifest("hidden-credentials", "somebody's own secret");
        await harness().apply({ ...theirs, metadata: { ...theirs.metadata, labels: {} } });
        expect((await harness().store.createCredentials(content)).kind).toBe("conflict");
        expect(seen("hidden-credentials")).toBeUndefined();
      },
      SLOW,
    );

    test(
      "that is not there cannot be restored or deleted",
      async () => {
        const content = await owned("absent");
        const ref = { kind: "Secret", namespace: NAMESPACE, name: content.name, uid: "u" } as const;
        expect((await harness().store.restoreCredentials(content, "1")).kind).toBe("gone");
        expect((await harness().store.deleteCredentials(ref, "1")).kind).toBe("gone");
      },
      SLOW,
    );

    test(
      "is restored only under its version",
      async () => {
        const content = await owned("restored");
        const first = versionOf(await harness().store.createCredentials(content));
        const next = { ...content, apiAppKey: "APIDnext", apiAppSecret: Secret.of("next-secret") };
        const second = versionOf(await harness().store.restoreCredentials(next, first));
        expect(compareVersions(second, first)).toBeGreaterThan(0);
        expect((await harness().store.restoreCredentials(content, first)).kind).toBe("conflict");
        expect(values("restored-credentials")).toMatchObject({
          ApiAppKey: "APIDnext",
          ApiAppSecret: "next-secret",
        });
      },
      SLOW,
    );

    test(
      "is deleted only under its version, and then can be created again",
      async () => {
        const content = await owned("dropped");
        const first = versionOf(await harness().store.createCredentials(content));
        const second = versionOf(
          await harness().store.restoreCredentials({ ...content, apiAppKey: "APIDb" }, first),
        );
        const uid = seen("dropped-credentials")?.metadata.uid ?? "";
        const ref = { kind: "Secret", namespace: NAMESPACE, name: "dropped-credentials", uid } as const;
        expect((await harness().store.deleteCredentials(ref, first)).kind).toBe("conflict");
        const namesake = { ...ref, uid: "00000000-0000-4000-8000-000000000000" };
        expect((await harness().store.deleteCredentials(namesake, second)).kind).toBe("conflict");
        expect((await harness().store.deleteCredentials(ref, second)).kind).toBe("written");
        expect(seen("dropped-credentials")).toBeUndefined();
        expect((await harness().store.deleteCredentials(ref, second)).kind).toBe("gone");
        expect((await harness().store.createCredentials(content)).kind).toBe("written");
      },
      SLOW,
    );
  });
}

function describeUseRecord(harness: Harness): void {
  test("the record of last use is missing at first, and is read as it was written last", async () => {
    const { store } = harness();
    expect(await store.readUseRecord()).toBeUndefined();
    const since = Date.parse("2026-01-01T00:00:00.250Z");
    for (const until of [since + 60_000, since + 120_000]) {
      expect((await store.writeUseRecord({ since, until })).kind).toBe("written");
      const found = await store.readUseRecord();
      expect(found?.since).toBe(since);
      expect(found?.until).toBeGreaterThanOrEqual(until);
    }
  });
}

function describeRestart(harness: Harness): void {
  test("a restart keeps objects with their UIDs, finalizers and statuses, projections, and credentials", async () => {
    await harness().apply(applicationManifest("kept"));
    const before = await eventually(() => harness().store.applications.get("team-shop/kept"));
    const ref = refOf("kept", before.metadata.uid);
    const held = await harness().store.writeFinalizers(ref, [FINALIZER], before.metadata.resourceVersion);
    await harness().store.writeStatus(ref, { observedGeneration: 1 }, versionOf(held));
    const document = application({ name: "kept", uid: ref.uid });
    const version = versionOf(await harness().store.createProjection(document, "Addition"));
    await harness().store.createCredentials(credentials("kept-credentials", ref));

    await harness().restart();

    const { applications, projections, secrets } = harness().store;
    expect(applications.get("team-shop/kept")).toMatchObject({
      metadata: { uid: ref.uid, finalizers: [FINALIZER] },
      status: { observedGeneration: 1 },
    });
    const name = projectionName("Application", NAMESPACE, "kept");
    expect(projections.get(name)).toMatchObject({ resourceVersion: version, document });
    expect(secrets.get("team-shop/kept-credentials")?.data.get("ApiAppSecret")?.reveal()).toBe(
      "generated-secret",
    );
    const next = versionOf(
      await harness().store.replaceProjection({ ...document, tombstone: true }, "Removal", version),
    );
    expect(compareVersions(next, version)).toBeGreaterThan(0);
  }, 60_000);
}

/** Collects the keys that a collection notifies of. */
function hear<T>(collection: Collection<T>) {
  const keys: string[] = [];
  const stop = collection.subscribe((name) => keys.push(name));
  return {
    keys,
    stop,
    clear: () => keys.splice(0),
    once: (name: string) => eventually(() => keys.includes(name)),
  };
}

function versionOf(outcome: WriteOutcome): string {
  if (outcome.kind !== "written") throw new Error(`not written: ${JSON.stringify(outcome)}`);
  return outcome.resourceVersion;
}

function refOf(name: string, uid: string): ObjectRef {
  return { kind: "Application", namespace: NAMESPACE, name, uid };
}

function condition(status: "True" | "False") {
  const lastTransitionTime = "2026-01-01T00:00:00Z";
  return { type: "Ready", status, observedGeneration: 1, lastTransitionTime, reason: "Tested", message: "" };
}

function credentials(name: string, owner: ObjectRef): CredentialsContent {
  const apiAppSecret = Secret.of("generated-secret");
  return {
    namespace: NAMESPACE,
    name,
    owner,
    applicationId: "app-mobile00",
    apiAppKey: "APIDmobile",
    apiAppSecret,
  };
}

function namespaceManifest(): Manifest {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE, labels: { tier: "internal" } } };
}

function applicationManifest(name: string): Manifest {
  return {
    apiVersion: API_VERSION,
    kind: "Application",
    metadata: { name, namespace: NAMESPACE },
    spec: { displayName: name },
  };
}

function domainManifest(name: string): Manifest {
  const spec = { hosts: ["api.shop.example.com"], namespaces: { names: [NAMESPACE] } };
  return { apiVersion: API_VERSION, kind: "ApiDomain", metadata: { name }, spec };
}

function secretManifest(name: string, secret: string): Manifest {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: NAMESPACE, labels: { [LABEL_CREDENTIALS]: "true" } },
    data: {
      ApiAppKey: Buffer.from("APIDimported").toString("base64"),
      ApiAppSecret: Buffer.from(secret).toString("base64"),
    },
  };
}
