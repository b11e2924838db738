import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { dayOf, dayText } from "../../src/base/days.ts";
import type { Credentials } from "../support/caller.ts";
import { eventually } from "../support/events.ts";
import { applicationManifest, team } from "../support/manifests.ts";
import { Stage } from "../support/stage.ts";

const { namespace, host, domain, application, grant } = team("last-use");
/** The operator of `standalone` reads its verifier's report every 10 s while nothing else happens. */
const WITHIN = { timeoutMs: 45_000, intervalMs: 500 };
const DAY_MS = 86_400_000;

interface Listed {
  readonly kind: string;
  readonly object: string;
  readonly key: string | null;
  readonly lastUsed: string | null;
}

let stage: Stage;
let mobile: Credentials;
let other: Credentials;
beforeAll(async () => {
  const objects = { domain, application, grant, other: applicationManifest("other-app", namespace) };
  stage = await Stage.start(host, ["--last-use"], objects);
  mobile = await stage.credentials(namespace, "mobile-app");
  other = await stage.credentials(namespace, "other-app");
}, 120_000);
afterAll(() => stage?.stop());

/** What `access --unused 1d` will list in three days, if no request is allowed until then. */
async function unused(...flags: readonly string[]): Promise<readonly Listed[]> {
  const at = new Date(Date.now() + 3 * DAY_MS).toISOString();
  const [status, stdout] = await stage.command(
    ...["access", "yaml", "--unused", "1d", "--at", at, "-o", "json", ...flags],
  );
  expect(status).toBe(0);
  return JSON.parse(stdout).unused;
}

test("requests that Envoy forwards are in the statuses by day, and requests that are denied are not", async () => {
  const path = "/orders";
  const before = dayText(dayOf(Date.now()));
  expect((await stage.call({ path, credentials: other })).status).toBe(403);
  expect(
    (await stage.call({ path, credentials: { ...other, secret: "another-secret-another" } })).status,
  ).toBe(401);
  expect((await stage.call({ path, credentials: mobile })).status).toBe(200);
  const found = await eventually(async () => {
    const all = await unused();
    return (
      all.some(({ lastUsed }) => lastUsed !== null) &&
      all.filter(({ lastUsed }) => lastUsed).length > 1 &&
      all
    );
  }, WITHIN);
  const after = dayText(dayOf(Date.now()));
  const lastOf = new Map(found.map(({ key, object, lastUsed }) => [key ?? object, lastUsed]));
  expect([before, after]).toContain(lastOf.get(mobile.key));
  expect([before, after]).toContain(lastOf.get(`${namespace}/${grant.metadata.name}`));
  expect(lastOf.get(other.key)).toBeNull();
}, 90_000);

test("the keys of one Application are listed alone", async () => {
  expect((await unused("--application", "other-app")).map(({ key }) => key)).toEqual([other.key]);
});

test("without a record the command fails, and names the remedy", async () => {
  const [status] = await stage.command("access", "yaml", "--unused", "30d", "--state-dir", "nowhere");
  expect(status).toBe(2);
});
