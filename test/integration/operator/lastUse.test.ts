import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { ApiGrant } from "../../../src/api/apiGrant.ts";
import type { Application } from "../../../src/api/application.ts";
import { systemClock } from "../../../src/base/clock.ts";
import { dayOf, dayText } from "../../../src/base/days.ts";
import { GrantEntry } from "../../../src/policy/index/grantEntry.ts";
import { loadAccess } from "../../../src/store/kube/access.ts";
import { Connection } from "../../../src/store/kube/connection.ts";
import { UseRecorder } from "../../../src/verifier/lastUse/useRecorder.ts";
import type { ApiServer } from "../../support/apiServer.ts";
import { grant } from "../../support/documents.ts";
import { eventually } from "../../support/events.ts";
import { namespaceManifest, team } from "../../support/manifests.ts";
import { adminConnection, apply, pathOf, startCountersignServer } from "../store/kube/support.ts";
import { condition, startOperatorOver, startVerifierOver } from "./support.ts";

const { namespace, domain, application, grant: grantManifest } = team("use");
const DAY_MS = 86_400_000;
const OPTIONS = { lastUse: { unusedAfterMs: 90 * DAY_MS } };
/** The Leases are listed every 10 s while nothing waits. */
const WITHIN = { timeoutMs: 45_000 };

let server: ApiServer;
let admin: Connection;
let account: Connection;
let operator: Awaited<ReturnType<typeof startOperatorOver>>;
/** How far the recorders' clocks are behind, in milliseconds. */
let ago = 0;
const recorders = [0, 1].map(() => new UseRecorder({ ...systemClock, wall: () => Date.now() - ago }));
const verifiers: Awaited<ReturnType<typeof startVerifierOver>>[] = [];

/** With short Leases the verifiers write them every second. */
const startVerifier = (name: string, uses?: UseRecorder) =>
  startVerifierOver(admin, name, 10_000, 20_000, uses);
/** With its own account, so that a missing right fails. */
const startOperator = () => startOperatorOver(account, {}, systemClock, OPTIONS);

beforeAll(async () => {
  server = await startCountersignServer();
  admin = adminConnection(server);
  const kubeconfig = await server.kubeconfigFor("countersign-system", "countersign-operator");
  account = new Connection(loadAccess({ kubeconfig }));
  await apply(admin, namespaceManifest(namespace));
  for (const [at, uses] of recorders.entries()) verifiers.push(await startVerifier(`verifier-${at}`, uses));
  operator = await startOperator();
  for (const object of [domain, application, grantManifest]) await apply(admin, object);
  await condition(admin, pathOf(grantManifest), "Ready", "True Ready");
  await condition(admin, pathOf(application), "Ready", "True Ready");
}, 120_000);
afterAll(async () => {
  await operator?.stop();
  for (const verifier of verifiers) await verifier.stop();
  await account?.close();
  await admin?.close();
  await server?.stop();
});

async function statusOf<T extends Application | ApiGrant>(object: object): Promise<NonNullable<T["status"]>> {
  const { body } = await admin.request("GET", pathOf(object as never));
  return (body as T).status as NonNullable<T["status"]>;
}

/** A request that a verifier allows so many days ago. */
async function use(at: number, daysAgo: number): Promise<string> {
  const { keys } = await statusOf<Application>(application);
  const key = verifiers[at]?.index.applications.key(keys?.[0]?.apiAppKey ?? "", Date.now());
  if (!key) throw new Error("the verifier does not have the key");
  const { name } = grantManifest.metadata;
  ago = daysAgo * DAY_MS;
  const wall = Date.now() - ago;
  // A report reads the clock.
  recorders[at]?.report();
  recorders[at]?.note(key, new GrantEntry(grant({ namespace, name })));
  ago = 0;
  return `${dayText(dayOf(wall))}T00:00:00Z`;
}

test("the statuses have the latest day of both verifiers, on a real API server", async () => {
  const [older, latest] = [await use(0, 3), await use(1, 2)];
  expect(older < latest).toBe(true);
  const both = async () => [
    await statusOf<Application>(application),
    await statusOf<ApiGrant>(grantManifest),
  ];
  const found = await eventually(async () => {
    const statuses = await both();
    return statuses.every(({ lastUsedTime }) => lastUsedTime === latest) && statuses;
  }, WITHIN);
  expect(found[0]).toMatchObject({ keys: [{ lastUsedTime: latest }] });
  for (const { useRecordedSince } of found) expect(Date.parse(useRecordedSince ?? "")).not.toBeNaN();
}, 90_000);

test("a restart of the operator keeps the record, and a later use is merged into what is written", async () => {
  const { useRecordedSince } = await statusOf<ApiGrant>(grantManifest);
  await operator.stop();
  operator = await startOperator();
  const today = await use(0, 0);
  await eventually(async () => (await statusOf(grantManifest)).lastUsedTime === today, WITHIN);
  expect((await statusOf(grantManifest)).useRecordedSince).toBe(useRecordedSince);
  await condition(admin, pathOf(grantManifest), "Ready", "True Ready");
}, 90_000);

test("while a verifier does not record, no status claims a record; afterwards it has a new beginning", async () => {
  const before = (await statusOf<ApiGrant>(grantManifest)).useRecordedSince ?? "";
  const silent = await startVerifier("older-release");
  await eventually(async () => (await statusOf(grantManifest)).useRecordedSince === undefined, WITHIN);
  expect((await statusOf(grantManifest)).lastUsedTime).toBeDefined();
  await silent.stop();
  const after = await eventually(async () => (await statusOf(grantManifest)).useRecordedSince, WITHIN);
  expect(Date.parse(after)).toBeGreaterThan(Date.parse(before));
}, 120_000);
