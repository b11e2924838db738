import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Condition } from "../../../src/api/meta.ts";
import type { Connection } from "../../../src/store/kube/connection.ts";
import type { ApiServer } from "../../support/apiServer.ts";
import { eventually } from "../../support/events.ts";
import { imported, textsOf } from "../../support/import/imported.ts";
import { namespaceManifest } from "../../support/manifests.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";
import { terraformState, toolOutput } from "../../support/tencent/madeExports.ts";
import { makeTenant } from "../../support/tencent/madeTenant.ts";
import { startOperatorOver, startVerifierOver } from "../operator/support.ts";
import { adminConnection, apply, startCountersignServer } from "../store/kube/support.ts";

let server: ApiServer;
let admin: Connection;
let operator: Awaited<ReturnType<typeof startOperatorOver>>;
let verifier: Awaited<ReturnType<typeof startVerifierOver>>;
beforeAll(async () => {
  server = await startCountersignServer();
  admin = adminConnection(server);
  verifier = await startVerifierOver(admin);
  operator = await startOperatorOver(admin);
}, 120_000);
afterAll(async () => {
  await operator?.stop();
  await verifier?.stop();
  await admin?.close();
  await server?.stop();
});

const sources = (tenant: ReturnType<typeof makeTenant>, seed: number): Parameters<typeof imported>[0] => {
  const state = [["terraform.tfstate", terraformState(tenant)] as const];
  return [[...toolOutput(tenant)], state, [...toolOutput(tenant), ...state]][seed % 3] ?? [];
};

/** The tenants have equal custom domains: each gets hosts of its own. */
const hostsOf = (tenant: ReturnType<typeof makeTenant>, seed: number) =>
  new Map(
    tenant.domains
      .filter(({ host }) => !host.includes(".open."))
      .map(({ host }) => [host, `s${seed}-${host}`]),
  );

test.each([1, 2, 3, 4, 5])(
  "an imported tenant of seed %i applies without a warning, and every Application with a key becomes Ready",
  async (seed) => {
    const namespace = `team-${seed}`;
    const tenant = makeTenant({ seed, apps: 20, services: 9, partners: 1, masked: 1 });
    const result = imported(sources(tenant, seed), {
      namespace,
      hosts: seed % 3 === 1 ? new Map() : hostsOf(tenant, seed),
    });
    const folder = await temporaryFolder("tenant");
    for (const [path, text] of textsOf(result)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    await apply(admin, namespaceManifest(namespace));
    const folders = ["domains", "secrets", "applications", "grants"].flatMap((name) => [
      "-f",
      join(folder, name),
    ]);
    const printed = await server.kubectl(["apply", "--server-side", "--warnings-as-errors", ...folders]);
    const { applications, grants, domains } = result.objects;
    const secrets = applications.filter(({ pair }) => pair !== undefined);
    expect(printed.trim().split("\n").length).toBe(
      applications.length + grants.length + domains.length + secrets.length,
    );
    const ready = (
      object: { readonly status?: { readonly conditions: readonly Condition[] } } | undefined,
    ) => {
      const found = object?.status?.conditions.find(({ type }) => type === "Ready");
      return `${found?.status} ${found?.reason}`;
    };
    const states = () => [
      ...secrets.map(
        ({ name }) => `${name} ${ready(operator.store.applications.get(`${namespace}/${name}`))}`,
      ),
      ...grants.map(({ name }) => `${name} ${ready(operator.store.grants.get(`${namespace}/${name}`))}`),
    ];
    const wanted = [
      ...secrets.map(({ name }) => `${name} True Ready`),
      ...grants.map(({ name, isSuspended }) => `${name} True ${isSuspended ? "Suspended" : "Ready"}`),
    ];
    await eventually(async () => states().join() === wanted.join(), { timeoutMs: 60_000 }).catch(
      () => undefined,
    );
    expect(states()).toEqual(wanted);
  },
  120_000,
);
