import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Application } from "../../../src/api/application.ts";
import { FINALIZER } from "../../../src/api/names.ts";
import type { ApplicationProjection } from "../../../src/projection/documents.ts";
import type { Connection } from "../../../src/store/kube/connection.ts";
import type { Manifest } from "../../store/behaviour.ts";
import type { ApiServer } from "../../support/apiServer.ts";
import { type Credentials, credentialsIn } from "../../support/caller.ts";
import { eventually } from "../../support/events.ts";
import {
  applicationManifest,
  domainManifest,
  grantManifest,
  namespaceManifest,
} from "../../support/manifests.ts";
import {
  adminConnection,
  apply,
  operatorConnection,
  pathOf,
  remove,
  startCountersignServer,
} from "../store/kube/support.ts";
import { condition, startOperatorOver, startVerifierOver } from "./support.ts";

const MERGE = "application/merge-patch+json";
const DATA = "/api/v1/namespaces/countersign-data/secrets";

let server: ApiServer;
let admin: Connection;
let connection: Connection;
let operator: Awaited<ReturnType<typeof startOperatorOver>>;
/** Acknowledges, and knows what is accepted. */
let verifier: Awaited<ReturnType<typeof startVerifierOver>>;

beforeAll(async () => {
  server = await startCountersignServer();
  admin = adminConnection(server);
  connection = await operatorConnection(server);
  await server.startControllerManager();
  verifier = await startVerifierOver(admin);
  operator = await startOperatorOver(connection);
}, 180_000);
afterAll(async () => {
  await operator?.stop();
  await verifier?.stop();
  await connection?.close();
  await admin?.close();
  await server?.stop();
});

const read = async (path: string) => {
  const { status, body } = await admin.request("GET", path);
  return status === 404 ? undefined : body;
};
const patch = async (path: string, body: object) =>
  expect((await admin.request("PATCH", path, { contentType: MERGE, body })).status).toBe(200);
const destroy = async (path: string) => expect((await admin.request("DELETE", path)).status).toBe(200);
const accepts = ({ key }: Credentials) => verifier.index.applications.key(key, Date.now()) !== undefined;
const goneFrom = (path: string) => eventually(async () => (await read(path)) === undefined);

/** An Application that is Ready in a namespace of its own, with the paths of all that belongs to it. */
async function ready(namespace: string, spec: object = {}) {
  const manifest = applicationManifest("mobile-app", namespace, spec);
  await apply(admin, namespaceManifest(namespace));
  await apply(admin, manifest);
  const path = pathOf(manifest);
  await condition(admin, path, "Ready", "True Ready");
  const secret = `/api/v1/namespaces/${namespace}/secrets/mobile-app-credentials`;
  const projection = `${DATA}/application.${namespace}.mobile-app`;
  const credentials = async () => {
    const found = (await read(secret)) as { data?: Record<string, string> } | undefined;
    return found && credentialsIn(found.data ?? {});
  };
  const pair = await eventually(credentials);
  return { manifest, path, secret, projection, credentials, pair };
}

const projected = (namespace: string) =>
  operator.store.projections.get(`application.${namespace}.mobile-app`)?.document as
    | ApplicationProjection
    | undefined;

describe("a projection Secret", () => {
  let app: Awaited<ReturnType<typeof ready>>;
  let before: ApplicationProjection | undefined;
  beforeEach(async () => {
    app = await ready("team-projection");
    before = projected("team-projection");
  });
  const isAsBefore = async () => {
    await eventually(() => JSON.stringify(projected("team-projection")) === JSON.stringify(before));
    await condition(admin, app.path, "Ready", "True Ready");
    await eventually(() => accepts(app.pair));
    expect(await app.credentials()).toEqual(app.pair);
  };

  test("that is deleted by hand comes back with the same id and keys", async () => {
    await destroy(app.projection);
    await eventually(async () => ((await read(app.projection)) as object) && projected("team-projection"));
    await isAsBefore();
  });

  test("whose content is edited by hand is reset to what follows from the spec", async () => {
    const held = (await read(app.projection)) as { data: Record<string, string> };
    const document = JSON.parse(Buffer.from(held.data["projection.json"] ?? "", "base64").toString());
    const edited = JSON.stringify({ ...document, suspended: true, tombstone: true });
    await patch(app.projection, { data: { "projection.json": Buffer.from(edited).toString("base64") } });
    await isAsBefore();
  });

  test("that loses its label is seen again", async () => {
    await patch(app.projection, { metadata: { labels: { "countersign.dev/projection": null } } });
    await eventually(async () => {
      const { metadata } = (await read(app.projection)) as { metadata: { labels?: object } };
      return metadata.labels && "countersign.dev/projection" in metadata.labels;
    });
    await isAsBefore();
  });

  test("of a grant or a domain that is deleted by hand is made again", async () => {
    const objects = [
      domainManifest("projection", "team-projection", "projection.example.com"),
      grantManifest("partners", "team-projection", "projection.example.com"),
    ];
    const names = ["domain.projection", "grant.team-projection.partners"];
    for (const object of objects) await apply(admin, object);
    for (const name of names) await eventually(() => operator.store.projections.get(name));
    for (const name of names) await destroy(`${DATA}/${name}`);
    for (const name of names) await eventually(async () => read(`${DATA}/${name}`));
    await condition(admin, pathOf(objects[1] as Manifest), "Ready", "True Ready");
  });
});

describe("a credentials Secret", () => {
  const changes: Record<string, (path: string) => Promise<void>> = {
    "is deleted": destroy,
    "is edited": (path) => patch(path, { stringData: { ApiAppKey: "mine", ApiAppSecret: "mine" } }),
    "is edited and made immutable": (path) =>
      patch(path, { stringData: { ApiAppSecret: "x" }, immutable: true }),
    "loses a key": (path) => patch(path, { data: { ApiAppId: null } }),
  };
  test.each(Object.entries(changes))("that %s by hand holds the same pair again", async (_, change) => {
    const app = await ready("team-credentials");
    await change(app.secret);
    await eventually(async () => {
      const found = (await read(app.secret)) as { immutable?: boolean; data?: object } | undefined;
      const isWhole = found?.data && "ApiAppId" in found.data && found.immutable !== true;
      return isWhole && JSON.stringify(await app.credentials()) === JSON.stringify(app.pair);
    });
    expect(accepts(app.pair)).toBe(true);
  });

  test("that is immutable still takes the pair of a rotation", async () => {
    const app = await ready("team-immutable");
    await patch(app.secret, { immutable: true });
    const requestedAt = new Date(Math.floor(Date.now() / 1_000) * 1_000).toISOString().replace(".000Z", "Z");
    await patch(app.path, { spec: { credentials: { rotation: { requestedAt } } } });
    const next = await eventually(async () => {
      const now = await app.credentials();
      return now !== undefined && now.key !== app.pair.key && now;
    });
    expect([accepts(next), accepts(app.pair)]).toEqual([true, true]);
  });

  test("that loses its label or its owner is not changed, and the condition reports it", async () => {
    const app = await ready("team-disowned");
    const label = (value: string | null) =>
      patch(app.secret, { metadata: { labels: { "countersign.dev/credentials": value } } });
    await label(null);
    await condition(admin, app.path, "CredentialsReady", "False SecretNotOurs");
    expect(await app.credentials()).toEqual(app.pair);
    await label("true");
    await condition(admin, app.path, "Ready", "True Ready");
    await patch(app.secret, { metadata: { ownerReferences: null } });
    await condition(admin, app.path, "CredentialsReady", "False SecretNotOurs");
    expect(await app.credentials()).toEqual(app.pair);
    await destroy(app.secret);
    await condition(admin, app.path, "Ready", "True Ready");
    expect(await app.credentials()).toEqual(app.pair);
  });
});

describe("a finalizer that somebody strips", () => {
  const strip = (path: string) => patch(path, { metadata: { finalizers: null } });
  const finalizers = async (path: string) => ((await read(path)) as Application).metadata.finalizers;

  test("from a living Application is put back, and those of others stay", async () => {
    const app = await ready("team-stripped");
    await patch(app.path, { metadata: { finalizers: ["example.com/theirs"] } });
    await eventually(async () => (await finalizers(app.path))?.includes(FINALIZER));
    expect(await finalizers(app.path)).toEqual(["example.com/theirs", FINALIZER]);
    await patch(app.path, { metadata: { finalizers: [FINALIZER] } });
  });

  test("to get an Application away while no operator runs does not keep its key alive", async () => {
    const app = await ready("team-forced");
    await operator.stop();
    await remove(admin, app.manifest);
    await strip(app.path);
    await goneFrom(app.path);
    expect(accepts(app.pair)).toBe(true);
    operator = await startOperatorOver(connection);
    await goneFrom(app.projection);
    await eventually(() => !accepts(app.pair));
  });
});

test("P38: an Application that is deleted and made again at once, time after time, is a new one each time", async () => {
  const app = await ready("team-again");
  const seen = [app.pair];
  for (let round = 0; round < 5; round++) {
    await remove(admin, app.manifest);
    await eventually(
      async () => (await admin.request("POST", parentOf(app.path), { body: app.manifest })).status === 201,
      {
        intervalMs: 5,
      },
    );
    await condition(admin, app.path, "Ready", "True Ready");
    const pair = await eventually(app.credentials);
    expect(seen.map(({ key }) => key)).not.toContain(pair.key);
    expect(seen.filter(accepts)).toEqual([]);
    expect(accepts(pair)).toBe(true);
    seen.push(pair);
  }
}, 60_000);

const parentOf = (path: string) => path.slice(0, path.lastIndexOf("/"));

describe("a namespace that is deleted with everything in it", () => {
  /** A namespace with objects of all kinds that live in one. */
  async function full(namespace: string) {
    const app = await ready(namespace);
    await apply(admin, grantManifest("partners", namespace, `${namespace}.example.com`));
    await eventually(() => operator.store.projections.get(`grant.${namespace}.partners`));
    return app;
  }
  async function isGone(namespace: string, pair: Credentials): Promise<void> {
    await eventually(async () => (await read(`/api/v1/namespaces/${namespace}`)) === undefined, {
      timeoutMs: 60_000,
    });
    for (const name of [`application.${namespace}.mobile-app`, `grant.${namespace}.partners`])
      await goneFrom(`${DATA}/${name}`);
    expect(accepts(pair)).toBe(false);
  }

  test("goes, and its keys with it", async () => {
    const { pair } = await full("team-dying");
    await remove(admin, namespaceManifest("team-dying"));
    await isGone("team-dying", pair);
  }, 90_000);

  test("waits for an operator while none runs, and goes when one is back", async () => {
    const { pair, path } = await full("team-waiting");
    await operator.stop();
    await remove(admin, namespaceManifest("team-waiting"));
    await eventually(async () => ((await read(path)) as Application).metadata.deletionTimestamp);
    expect(accepts(pair)).toBe(true);
    operator = await startOperatorOver(connection);
    await isGone("team-waiting", pair);
  }, 90_000);
});

describe("CustomResourceDefinitions that are deleted and installed again", () => {
  const install = async () => {
    await server.kubectl(["apply", "--server-side", "-k", "manifests"]);
    await server.crdsServed();
  };

  test("take every object and its keys with them, and new objects work without a restart", async () => {
    const app = await ready("team-crds");
    await server.kubectl(["delete", "crd", "applications.countersign.dev", "--timeout=60s"]);
    await goneFrom(app.projection);
    expect(accepts(app.pair)).toBe(false);
    await install();
    const again = await eventually(() => ready("team-crds"), { timeoutMs: 60_000 });
    expect(again.pair.key).not.toBe(app.pair.key);
    await eventually(() => accepts(again.pair));
  }, 150_000);

  test("wait for an operator while none runs, and callers are served until then", async () => {
    const app = await ready("team-crds-down");
    await operator.stop();
    await server.kubectl(["delete", "crd", "applications.countersign.dev", "--wait=false"]);
    await eventually(async () => ((await read(app.path)) as Application).metadata.deletionTimestamp);
    expect(accepts(app.pair)).toBe(true);
    operator = await startOperatorOver(connection);
    await goneFrom(app.projection);
    await eventually(() => !accepts(app.pair));
    await eventually(
      async () => (await server.kubectl(["get", "crd", "-o", "name"])).includes("applications") === false,
    );
    await install();
    await eventually(() => ready("team-crds-down"), { timeoutMs: 60_000 });
  }, 150_000);
});
