import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Backoff } from "../../../src/base/backoff.ts";
import type { ApiGrantProjection } from "../../../src/projection/documents.ts";
import type { Connection } from "../../../src/store/kube/connection.ts";
import { findHttpRouteCrd } from "../../parts/gatewayApi.ts";
import type { ApiServer } from "../../support/apiServer.ts";
import { eventually } from "../../support/events.ts";
import { domainManifest, grantManifest, namespaceManifest } from "../../support/manifests.ts";
import {
  adminConnection,
  apply,
  operatorConnection,
  pathOf,
  startCountersignServer,
} from "../store/kube/support.ts";
import { condition, startOperatorOver } from "./support.ts";

let server: ApiServer;
let admin: Connection;
let connection: Connection;
let operator: Awaited<ReturnType<typeof startOperatorOver>>;
const targetRefs = [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "orders" }];
const grant = grantManifest("partners", "team-routes", "", { apis: [{ name: "orders" }], targetRefs });
const GRANT = pathOf(grant);

/** An HTTPRoute of the team, with one rule for each path; a header where one is named. */
function route(rules: readonly { path: string; header?: string }[], hostnames = ["routes.example.com"]) {
  const matches = rules.map(({ path, header }) => ({
    matches: [
      {
        path: { type: "PathPrefix", value: path },
        ...(header ? { headers: [{ name: header, value: "1" }] } : {}),
      },
    ],
  }));
  const metadata = { name: "orders", namespace: "team-routes" };
  const spec = { hostnames, rules: matches };
  return { apiVersion: "gateway.networking.k8s.io/v1", kind: "HTTPRoute", metadata, spec };
}

const put = (manifest: object) => server.apply(JSON.stringify(manifest));
const paths = () => {
  const document = operator.store.projections.get("grant.team-routes.partners")?.document;
  return (document as ApiGrantProjection | undefined)?.apis.flatMap((api) =>
    api.paths.map(({ value }) => value),
  );
};

beforeAll(async () => {
  server = await startCountersignServer();
  admin = adminConnection(server);
  await apply(admin, namespaceManifest("team-routes"));
  await apply(admin, domainManifest("routes", "team-routes", "routes.example.com"));
  connection = await operatorConnection(server);
  const times = {
    watch: () => ({ seconds: 300, silenceMs: 150_000 }),
    backoff: () => new Backoff({ firstMs: 50, longestMs: 500 }),
  };
  operator = await startOperatorOver(connection, { times: { ...times, absentMs: 200 } });
}, 120_000);
afterAll(async () => {
  await operator?.stop();
  await connection?.close();
  await admin?.close();
  await server?.stop();
});

describe("a grant of HTTPRoutes", () => {
  test("reports that Gateway API is missing where its CRDs are not installed, and everything else works", async () => {
    await apply(admin, grant);
    await condition(admin, GRANT, "ResolvedRefs", "False GatewayApiMissing");
    expect(paths()).toEqual([]);
  });

  test("opens the routes' paths once the CRDs are installed, without a restart", async () => {
    await server.kubectl(["apply", "--server-side", "-f", await findHttpRouteCrd()]);
    await server.crdsServed("httproutes.gateway.networking.k8s.io");
    await put(route([{ path: "/orders" }]));
    await condition(admin, GRANT, "ResolvedRefs", "True ResolvedRefs");
    await condition(admin, GRANT, "HostsOwned", "True HostsOwned");
    expect(paths()).toEqual(["/orders"]);
  });

  test("names a rule that matches by a header, and follows the route's edits", async () => {
    await put(route([{ path: "/orders" }, { path: "/admin", header: "x-admin" }]));
    const { message } = await condition(admin, GRANT, "ResolvedRefs", "False UnsupportedMatch");
    expect(message).toMatch(/^HTTPRoute orders, rule 2 is not granted: it matches by headers/);
    await put(route([{ path: "/v2" }]));
    await condition(admin, GRANT, "ResolvedRefs", "True ResolvedRefs");
    expect(paths()).toEqual(["/v2"]);
  });

  test("wants hostnames", async () => {
    await put(route([{ path: "/v2" }], []));
    await condition(admin, GRANT, "ResolvedRefs", "False HostnamesRequired");
    expect(paths()).toEqual([]);
  });

  test("opens nothing once the CRDs are gone, and opens again with them", async () => {
    await put(route([{ path: "/v2" }]));
    await condition(admin, GRANT, "ResolvedRefs", "True ResolvedRefs");
    await server.kubectl(["delete", "crd/httproutes.gateway.networking.k8s.io"]);
    await eventually(async () => paths()?.length === 0);
    await server.kubectl(["apply", "--server-side", "-f", await findHttpRouteCrd()]);
    await server.crdsServed("httproutes.gateway.networking.k8s.io");
    await put(route([{ path: "/v3" }]));
    await condition(admin, GRANT, "ResolvedRefs", "True ResolvedRefs");
    expect(paths()).toEqual(["/v3"]);
  });
});
