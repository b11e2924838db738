import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { FINALIZER } from "../../../../src/api/names.ts";
import { Secret } from "../../../../src/api/secret.ts";
import type { Connection } from "../../../../src/store/kube/connection.ts";
import { type CredentialsContent, type ObjectRef, StoreUnavailable } from "../../../../src/store/store.ts";
import type { ApiServer } from "../../../support/apiServer.ts";
import { application, grant } from "../../../support/documents.ts";
import { eventually } from "../../../support/events.ts";
import {
  adminConnection,
  apply,
  operatorConnection,
  remove,
  startCountersignServer,
  startStore,
} from "./support.ts";

let server: ApiServer;
let admin: Connection;
let operator: Connection;
let running: Awaited<ReturnType<typeof startStore>>;

beforeAll(async () => {
  server = await startCountersignServer();
  admin = adminConnection(server);
  operator = await operatorConnection(server);
  await apply(admin, namespace("team-shop"));
  running = await startStore(operator);
}, 120_000);
afterAll(async () => {
  running?.stop();
  await operator?.close();
  await admin?.close();
  await server?.stop();
});

const namespace = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
const applicationIn = (namespace: string, name: string) => ({
  apiVersion: "countersign.dev/v1alpha1",
  kind: "Application",
  metadata: { name, namespace },
  spec: {},
});

/** The Application as the store sees it, once it does. */
async function applied(name: string, namespace = "team-shop") {
  await apply(admin, applicationIn(namespace, name));
  const { metadata } = await eventually(() => running.store.applications.get(`${namespace}/${name}`));
  const ref: ObjectRef = { kind: "Application", namespace, name, uid: metadata.uid };
  return { ref, version: metadata.resourceVersion };
}

function credentials(owner: ObjectRef): CredentialsContent {
  return {
    namespace: owner.namespace,
    name: `${owner.name}-credentials`,
    owner,
    applicationId: "app-00000000",
    apiAppKey: "APIDkey",
    apiAppSecret: Secret.of("the-secret-itself"),
  };
}

describe("collections", () => {
  test("1,200 objects come in pages, and every one of them is there", async () => {
    const names = Array.from({ length: 1_200 }, (_, index) => `many-${index}`);
    for (let start = 0; start < names.length; start += 50) {
      await Promise.all(names.slice(start, start + 50).map((name) => apply(admin, namespaced(name))));
    }
    const fresh = await startStore(operator);
    const held = [...fresh.store.grants.values()].map(({ metadata }) => metadata.name);
    fresh.stop();
    expect(held.filter((name) => name.startsWith("many-"))).toHaveLength(1_200);
    expect(new Set(held).size).toBe(held.length);
    expect(fresh.restarts).toEqual([]);
    await eventually(() => running.store.grants.size === fresh.store.grants.size);
  }, 120_000);

  const namespaced = (name: string) => ({
    apiVersion: "countersign.dev/v1alpha1",
    kind: "ApiGrant",
    metadata: { name, namespace: "team-shop" },
    spec: {
      environment: "release",
      apis: [{ name: "orders", hosts: ["a.example.com"], paths: [{ type: "PathPrefix", value: "/" }] }],
      applications: [{ name: "mobile-app" }],
    },
  });

  test("P27: an object that is deleted and made again is the new one, every time", async () => {
    const uids = new Set<string>();
    for (let round = 0; round < 5; round++) {
      uids.add((await applied("flickering")).ref.uid);
      await remove(admin, applicationIn("team-shop", "flickering"));
      await eventually(() => running.store.applications.get("team-shop/flickering") === undefined);
    }
    expect(uids.size).toBe(5);
  }, 60_000);

  test("an invalid projection is reported with its problem", async () => {
    const name = "application.team-shop.broken";
    const metadata = {
      name,
      namespace: "countersign-data",
      labels: { "countersign.dev/projection": "true" },
    };
    const data = { "projection.json": Buffer.from("{}").toString("base64") };
    await apply(admin, {
      apiVersion: "v1",
      kind: "Secret",
      metadata,
      type: "countersign.dev/application",
      data,
    });
    const found = await eventually(() => running.store.projections.get(name));
    expect(found).toMatchObject({ document: undefined, problem: "its version is neither 1 nor 2" });
  });

  test("a projection under another object's name is reported with its problem", async () => {
    const { store } = running;
    await store.createProjection(grant({ name: "real" }), "Addition");
    const real = await admin.request(
      "GET",
      "/api/v1/namespaces/countersign-data/secrets/grant.team-shop.real",
    );
    const { data, type } = Object(real.body);
    const name = "grant.team-shop.forged";
    const metadata = {
      name,
      namespace: "countersign-data",
      labels: { "countersign.dev/projection": "true" },
    };
    await apply(admin, { apiVersion: "v1", kind: "Secret", metadata, type, data });
    const found = await eventually(() => store.projections.get(name));
    expect(found).toMatchObject({ document: undefined, problem: "its document is another object's" });
  });
});

describe("a write", () => {
  test("of credentials that a user made immutable is refused, and works after they were deleted", async () => {
    const { ref } = await applied("frozen");
    const { store } = running;
    await store.createCredentials(credentials(ref));
    const path = "/api/v1/namespaces/team-shop/secrets/frozen-credentials";
    const contentType = "application/merge-patch+json";
    await admin.request("PATCH", path, { contentType, body: { immutable: true } });
    const frozen = await eventually(() => {
      const found = store.secrets.get("team-shop/frozen-credentials");
      return found?.immutable === true && found;
    });
    const next = { ...credentials(ref), apiAppSecret: Secret.of("another-secret") };
    const refused = await store.restoreCredentials(next, frozen.metadata.resourceVersion);
    expect(refused).toEqual({
      kind: "refused",
      message: "the API server refused the Secret: 422 Invalid (field data)",
    });
    const { uid, resourceVersion } = frozen.metadata;
    const secret = { kind: "Secret", namespace: "team-shop", name: "frozen-credentials", uid } as const;
    expect((await store.deleteCredentials(secret, resourceVersion)).kind).toBe("written");
    expect((await store.createCredentials(next)).kind).toBe("written");
  });

  test("that restores credentials never creates them, also before their deletion is known", async () => {
    const { ref } = await applied("absent");
    const unaware = await startStore(operator);
    const first = await unaware.store.createCredentials(credentials(ref));
    const version = first.kind === "written" ? first.resourceVersion : "";
    unaware.stop();
    const path = "/api/v1/namespaces/team-shop/secrets/absent-credentials";
    await admin.request("DELETE", path);
    expect((await unaware.store.restoreCredentials(credentials(ref), version)).kind).toBe("conflict");
    expect((await admin.request("GET", path)).status).toBe(404);
    await eventually(() => running.store.secrets.get("team-shop/absent-credentials") === undefined);
    expect((await running.store.restoreCredentials(credentials(ref), version)).kind).toBe("gone");
  });

  test("with the UID of a namesake that was there before changes nothing", async () => {
    const { ref, version } = await applied("namesake");
    const other = { ...ref, uid: "00000000-0000-0000-0000-000000000000" };
    expect((await running.store.writeFinalizers(other, [FINALIZER], version)).kind).toBe("conflict");
  });

  test("into a namespace that is being deleted is terminating, and its objects can be let go", async () => {
    await apply(admin, namespace("dying"));
    const { ref, version } = await applied("app", "dying");
    const held = await running.store.writeFinalizers(ref, [FINALIZER], version);
    expect(held.kind).toBe("written");
    await remove(admin, namespace("dying"));
    await eventually(() => running.store.namespaces.get("dying")?.metadata.deletionTimestamp);
    expect((await running.store.createCredentials(credentials(ref))).kind).toBe("terminating");
    await remove(admin, applicationIn("dying", "app"));
    const dying = await eventually(() => {
      const found = running.store.applications.get("dying/app");
      return found?.metadata.deletionTimestamp !== undefined && found;
    });
    const freed = await running.store.writeFinalizers(ref, [], dying.metadata.resourceVersion);
    expect(freed.kind).toBe("written");
    expect(running.store.applications.get("dying/app")).toBeUndefined();
  });

  test("into a namespace that does not exist is gone", async () => {
    const { ref } = await applied("homeless");
    const content = { ...credentials(ref), namespace: "nowhere" };
    expect((await running.store.createCredentials(content)).kind).toBe("gone");
  });

  test("that the status schema rejects carries the reason", async () => {
    const { ref, version } = await applied("misstated");
    const condition = {
      type: "Ready",
      status: "True",
      lastTransitionTime: "yesterday",
      reason: "R",
      message: "",
    } as const;
    const outcome = await running.store.writeStatus(ref, { conditions: [condition] }, version);
    expect(outcome).toMatchObject({
      kind: "refused",
      message: expect.stringContaining("lastTransitionTime"),
    });
  });

  test("of a Secret that somebody's finalizer holds leaves it in the collection, dying", async () => {
    const { ref } = await applied("clung");
    const { store } = running;
    await store.createCredentials(credentials(ref));
    const path = "/api/v1/namespaces/team-shop/secrets/clung-credentials";
    const body = { metadata: { finalizers: ["example.com/keep"] } };
    await admin.request("PATCH", path, { contentType: "application/merge-patch+json", body });
    const { metadata } = await eventually(() => {
      const found = store.secrets.get("team-shop/clung-credentials");
      return (found?.metadata.finalizers?.length ?? 0) > 0 && found;
    });
    const { uid, resourceVersion } = metadata;
    await store.deleteCredentials(
      { kind: "Secret", namespace: "team-shop", name: "clung-credentials", uid },
      resourceVersion,
    );
    const held = store.secrets.get("team-shop/clung-credentials");
    expect(held?.metadata.deletionTimestamp).toBeDefined();
  });
});

describe("verifier Leases", () => {
  const path = "/apis/coordination.k8s.io/v1/namespaces/countersign-data/leases";

  test("are listed as they are at that moment, and deleted only under their version", async () => {
    const manifest = (holder: string) => ({
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: {
        name: "verifier.12345678.0",
        namespace: "countersign-data",
        annotations: { "countersign.dev/applied": "42" },
      },
      spec: { holderIdentity: holder, leaseDurationSeconds: 3_600 },
    });
    await apply(admin, manifest("first"));
    const [first] = await running.store.listVerifiers();
    expect(first).toMatchObject({
      name: "verifier.12345678.0",
      holder: "first",
      applied: "42",
      leaseDurationSeconds: 3_600,
    });
    await apply(admin, manifest("second"));
    const [second] = await running.store.listVerifiers();
    expect(second?.holder).toBe("second");
    const { store } = running;
    expect((await store.deleteVerifier("verifier.12345678.0", first?.resourceVersion ?? "")).kind).toBe(
      "conflict",
    );
    expect((await store.deleteVerifier("verifier.12345678.0", second?.resourceVersion ?? "")).kind).toBe(
      "written",
    );
    expect((await store.deleteVerifier("verifier.12345678.0", "1")).kind).toBe("gone");
    expect(Object((await admin.request("GET", path)).body).items).toEqual([]);
  });
});

describe("Events", () => {
  test("can be read beside the object", async () => {
    const { ref } = await applied("eventful");
    const message = "The key was published.";
    await running.store.recordEvent({
      object: ref,
      type: "Normal",
      reason: "KeyPublished",
      action: "Publishing",
      message,
    });
    const printed = await server.kubectl(["events", "-n", "team-shop", "--for", "Application/eventful"]);
    expect(printed).toContain("KeyPublished");
    expect(printed).toContain(message);
  });
});

describe("P42: the operator's own identity may not", () => {
  const cases: Record<string, [string, string, object?]> = {
    "read a Secret of a tenant by its name": ["GET", "/api/v1/namespaces/team-shop/secrets/any"],
    "create an Application": [
      "POST",
      "/apis/countersign.dev/v1alpha1/namespaces/team-shop/applications",
      applicationIn("team-shop", "forged"),
    ],
    "delete an Application": [
      "DELETE",
      "/apis/countersign.dev/v1alpha1/namespaces/team-shop/applications/flickering",
    ],
    "create a Secret of another type": [
      "POST",
      "/api/v1/namespaces/team-shop/secrets",
      { apiVersion: "v1", kind: "Secret", metadata: { name: "opaque" } },
    ],
    "put a projection into a tenant's namespace": [
      "POST",
      "/api/v1/namespaces/team-shop/secrets",
      { apiVersion: "v1", kind: "Secret", metadata: { name: "p" }, type: "countersign.dev/application" },
    ],
    "write a verifier's Lease": [
      "POST",
      "/apis/coordination.k8s.io/v1/namespaces/countersign-data/leases",
      { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: "l" } },
    ],
  };
  test.each(Object.entries(cases))("%s", async (_, [method, path, body]) => {
    const call = body === undefined ? {} : { body };
    const answer = await operator.request(method as "GET", path, call);
    expect([403, 422]).toContain(answer.status);
  });

  test("and the error for a rejected Secret names the policy that rejected it, and none of its data", async () => {
    const { ref } = await applied("policed");
    const opaque = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: "policed-credentials",
        namespace: "team-shop",
        labels: { "countersign.dev/credentials": "true" },
      },
    };
    await apply(admin, opaque);
    const found = await eventually(() => running.store.secrets.get("team-shop/policed-credentials"));
    const outcome = await running.store.restoreCredentials(credentials(ref), found.metadata.resourceVersion);
    expect(outcome.kind).toBe("refused");
    expect(JSON.stringify(outcome)).not.toContain("the-secret-itself");
  });
});

describe("while the CustomResourceDefinitions are away", () => {
  test("collections keep their last state, a write may succeed later, and nothing is taken for gone", async () => {
    const { ref, version } = await applied("survivor");
    const document = application({ name: "survivor", uid: ref.uid });
    await running.store.createProjection(document, "Addition");
    const crd = "applications.countersign.dev";
    const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crd}`;
    const contentType = "application/merge-patch+json";
    const served = async (value: boolean) => {
      const { body } = await admin.request("GET", path);
      const [current] = Object(body).spec.versions;
      const versions = [{ ...current, served: value }, ...(value ? [] : [stub(current)])];
      const answer = await admin.request("PATCH", path, { contentType, body: { spec: { versions } } });
      expect(answer.status).toBe(200);
    };
    await served(false);
    await eventually(async () => {
      const error = await running.store
        .writeStatus(ref, { observedGeneration: 1 }, version)
        .then(() => undefined)
        .catch((reason: unknown) => reason);
      return error instanceof StoreUnavailable;
    });
    await eventually(() => running.restarts.some((why) => why.includes("returned 404")));
    expect(running.store.applications.get("team-shop/survivor")).toBeDefined();
    await served(true);
    await eventually(async () => (await applied("after-the-gap")).ref.uid, { timeoutMs: 40_000 });
  }, 90_000);

  /** Another version, since one at least must be served. */
  const stub = (version: object) => ({ ...version, name: "v0", served: true, storage: false });
});
