import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Application } from "../../src/api/application.ts";
import type { Connection } from "../../src/store/kube/connection.ts";
import { kindPath, leasesPath, objectPath, secretsPath } from "../../src/store/kube/paths.ts";
import { adminConnection, apply, startCountersignServer } from "../integration/store/kube/support.ts";
import {
  type Answered,
  type ApiProxy,
  type Fate,
  isWrite,
  type Passing,
  startApiProxy,
} from "../support/apiProxy.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { createVerifier, OperatorProcess, type VerifierProcess } from "../support/cluster.ts";
import { eventually } from "../support/events.ts";
import { applicationManifest, namespaceManifest } from "../support/manifests.ts";
import { keysIn, Publications, pairIn } from "../support/publications.ts";

const NAMESPACE = "team-crash";
const LEADER = objectPath(leasesPath("countersign-system"), "countersign-operator");

let server: ApiServer;
let admin: Connection;
let proxy: ApiProxy;
let operator: OperatorProcess;
let verifier: VerifierProcess;
let publications: Publications;
beforeAll(async () => {
  server = await startCountersignServer();
  admin = adminConnection(server);
  publications = new Publications(admin);
  proxy = await startApiProxy(server);
  const kubeconfig = await server.kubeconfigFor(
    "countersign-system",
    "countersign-operator",
    undefined,
    proxy.url,
  );
  operator = new OperatorProcess(kubeconfig);
  verifier = await createVerifier(server, "verifier-0");
  await apply(admin, namespaceManifest(NAMESPACE));
  await Promise.all([operator.start(), verifier.start()]);
  await verifier.ready();
}, 120_000);
afterAll(async () => {
  await operator?.stop("SIGKILL");
  await verifier?.stop("SIGKILL");
  await proxy?.stop();
  await admin?.close();
  await server?.stop();
});

const pathOf = (name: string) => objectPath(kindPath("Application", NAMESPACE), name);

async function find(path: string): Promise<string | undefined> {
  const { status, body } = await admin.request("GET", path);
  return status === 200 ? JSON.stringify(body) : undefined;
}

/** All that there is of an Application, with keys named by whether they were there before. */
async function stateOf(name: string, old: string) {
  const [object, projection, credentials] = await Promise.all([
    find(pathOf(name)),
    find(objectPath(secretsPath("countersign-data"), `application.${NAMESPACE}.${name}`)),
    find(objectPath(secretsPath(NAMESPACE), `${name}-credentials`)),
  ]);
  const keys = keysIn(projection ?? "");
  const active = keys.find(({ state }) => state === "Active");
  const pair = pairIn(credentials ?? "");
  const isPublished =
    pair !== undefined && pair.key === active?.apiAppKey && pair.secret === active.apiAppSecret;
  const called = (key: string) => (key === old ? "old" : "new");
  const { metadata, status } = (object ? JSON.parse(object) : {}) as Partial<Application>;
  return {
    finalizers: metadata?.finalizers,
    conditions: status?.conditions.map((one) => `${one.type} ${one.status} ${one.reason}`).sort(),
    shown: status?.keys
      ?.map((key) => `${called(key.apiAppKey)} ${key.state} ${key.retiresAt ? "ends" : ""}`.trim())
      .sort(),
    grants: status?.grants?.count,
    keys: keys
      .map((key) =>
        `${called(key.apiAppKey)} ${key.source} ${key.state} ${key.retiresAt ? "ends" : ""}`.trim(),
      )
      .sort(),
    // What is deleted is collected by its owner's reference, for which no controller runs here.
    isPublished: object ? isPublished : true,
  };
}

const READY = {
  finalizers: ["countersign.dev/programmed"],
  conditions: [
    "Accepted True Accepted",
    "CredentialsReady True Published",
    "Programmed True Programmed",
    "Ready True Ready",
  ],
  grants: 0,
  isPublished: true,
};

interface Scenario {
  /** Whether it begins with an Application that is Ready. */
  readonly isThere: boolean;
  readonly act: (name: string, key: string) => Promise<unknown>;
  readonly end: Awaited<ReturnType<typeof stateOf>>;
}

const edit = (name: string, credentials: object) =>
  admin.request("PATCH", pathOf(name), {
    contentType: "application/merge-patch+json",
    body: { spec: { credentials } },
  });

async function importPair(name: string): Promise<void> {
  const metadata = {
    name: `${name}-old`,
    namespace: NAMESPACE,
    labels: { "countersign.dev/credentials": "true" },
  };
  const stringData = { ApiAppKey: `APID${name}`, ApiAppSecret: "a-secret-of-the-vendor" };
  await apply(admin, { apiVersion: "v1", kind: "Secret", metadata, stringData } as never);
  await edit(name, { source: "Imported", importFrom: { name: metadata.name } });
}

const scenarios: Record<string, Scenario> = {
  create: {
    isThere: false,
    act: (name) => apply(admin, applicationManifest(name, NAMESPACE)),
    end: { ...READY, shown: ["new Active"], keys: ["new Generated Active"] },
  },
  rotate: {
    isThere: true,
    act: (name) => edit(name, { rotation: { overlap: "1h", requestedAt: new Date().toISOString() } }),
    end: {
      ...READY,
      shown: ["new Active", "old Retiring ends"],
      keys: ["new Generated Active", "old Generated Retiring ends"],
    },
  },
  revoke: {
    isThere: true,
    act: (name, key) => edit(name, { revokedKeys: [key] }),
    end: { ...READY, shown: ["new Active"], keys: ["new Generated Active"] },
  },
  import: {
    isThere: true,
    act: (name) => importPair(name),
    end: {
      ...READY,
      shown: ["new Active", "old Retiring ends"],
      keys: ["new Imported Active", "old Generated Retiring ends"],
    },
  },
  delete: {
    isThere: true,
    act: (name) => admin.request("DELETE", pathOf(name)),
    end: {
      finalizers: undefined,
      conditions: undefined,
      shown: undefined,
      grants: undefined,
      keys: [],
      isPublished: true,
    },
  },
};

/** Kills the operator at its write of that number, before the server hears of it or after it has answered. */
class Killer {
  readonly #number: number;
  readonly #moment: "before" | "after";
  readonly #killed = Promise.withResolvers<void>();
  #victim: Passing | undefined;
  #writes = 0;

  /** Number 0 kills nothing. */
  constructor(number: number, moment: "before" | "after") {
    this.#number = number;
    this.#moment = moment;
    proxy.before = (passing) => this.#before(passing);
    proxy.after = (passing, answer) => this.#after(passing, answer);
  }

  /** Whether the write has come. */
  get hasStruck(): boolean {
    return this.#victim !== undefined;
  }

  /** Resolves when the operator is dead. */
  get killed(): Promise<void> {
    return this.#killed.promise;
  }

  async #before(passing: Passing): Promise<Fate> {
    if (!isWrite(passing)) return undefined;
    this.#writes += 1;
    if (this.#writes === this.#number) this.#victim = passing;
    if (this.#victim === passing && this.#moment === "before") return await this.#kill();
    await publications.before(passing);
    return undefined;
  }

  async #after(passing: Passing, answer: Answered): Promise<Fate> {
    publications.after(passing, answer);
    return this.#victim === passing ? await this.#kill() : undefined;
  }

  async #kill(): Promise<"lost"> {
    await operator.stop("SIGKILL");
    this.#killed.resolve();
    return "lost";
  }
}

/** Resolves when the state is that of the end, or when the operator was killed on the way. */
async function settled(name: string, old: string, end: Scenario["end"], killer?: Killer): Promise<void> {
  let last: unknown;
  const isThere = async () => {
    last = await stateOf(name, old);
    return killer?.hasStruck || isDeepStrictEqual(last, end);
  };
  // The actual state is a better failure message than a timeout.
  await eventually(isThere, { timeoutMs: 60_000, intervalMs: 50 }).catch(() => expect(last).toEqual(end));
}

/** Creates an Application, waits until it is Ready and returns its key. */
async function readyApplication(name: string): Promise<string> {
  new Killer(0, "before");
  await apply(admin, applicationManifest(name, NAMESPACE));
  const isReady = async () => (await stateOf(name, "")).conditions?.includes("Ready True Ready");
  await eventually(isReady, { timeoutMs: 60_000 });
  const secret = await find(objectPath(secretsPath(NAMESPACE), `${name}-credentials`));
  return pairIn(secret ?? "")?.key ?? "";
}

/** Returns whether there was such a write. */
async function run(scenario: string, number: number, moment: "before" | "after"): Promise<boolean> {
  const { isThere, act, end } = scenarios[scenario] as Scenario;
  const name = `${scenario}-${moment}-${number}`;
  const old = isThere ? await readyApplication(name) : "";
  const killer = new Killer(number, moment);
  await act(name, old);
  await settled(name, old, end, killer);
  if (!killer.hasStruck) return false;
  await killer.killed;
  new Killer(0, moment);
  await admin.request("DELETE", LEADER);
  await operator.start();
  await settled(name, old, end);
  return true;
}

test.each(Object.keys(scenarios))(
  "an operator that is killed at any write of a %s ends where it would have ended, and publishes nothing twice or too early",
  async (scenario) => {
    for (const moment of ["before", "after"] as const) {
      let number = 1;
      while (await run(scenario, number, moment)) number += 1;
      expect(number).toBeGreaterThan(2);
    }
    expect(publications.violations).toEqual([]);
  },
  300_000,
);
