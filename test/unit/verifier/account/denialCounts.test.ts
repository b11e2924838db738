import { expect, test } from "@jest/globals";
import { Registry } from "prom-client";
import { verifierMetrics } from "../../../../src/observe/metrics/verifierMetrics.ts";
import { Deny } from "../../../../src/policy/decision.ts";
import { KeyEntry } from "../../../../src/policy/index/applications.ts";
import { DenialCounts } from "../../../../src/verifier/account/denialCounts.ts";
import { checkerOver, rawShape, type Sent, signedLines } from "../../../support/checks.ts";
import { application, domain, grant, key } from "../../../support/documents.ts";

/** The grant names another Application than the one that calls. */
const PARTNER = application({
  uid: "uid-partner",
  name: "partner",
  applicationId: "app-partner0",
  keys: [key({ apiAppKey: "APIDpartner" })],
});
const WORLD = [
  application(),
  PARTNER,
  domain(),
  grant({ applications: [{ kind: "name", name: "partner" }] }),
];

/** The outcomes of requests, each with the key `keyId` in the place of its own. */
function outcomesOf(sent: Sent, keyIds: readonly string[]) {
  const { check, outcomes } = checkerOver(WORLD);
  for (const keyId of keyIds) {
    const lines = signedLines(sent).map(
      ([name, value]) => [name, value.replace("APIDmobile", keyId)] as const,
    );
    check(rawShape(sent, lines));
  }
  return outcomes;
}

function counted() {
  const registry = new Registry();
  const counts = new DenialCounts(verifierMetrics(registry).denials);
  const lines = async () =>
    (await registry.metrics())
      .split("\n")
      .filter((line) => /^countersign_denials_total.* [1-9]\d*$/.test(line));
  return { counts, lines };
}

async function countedAfter(sent: Sent, ...keyIds: readonly string[]): Promise<readonly string[]> {
  const { counts, lines } = counted();
  for (const { code, decision } of outcomesOf(sent, keyIds)) {
    if (code === "Allowed") throw new Error("it was allowed");
    counts.note(code, decision);
  }
  return await lines();
}

const line = (code: string, caller: string, api: string, count: number) =>
  `countersign_denials_total{code="${code}",application="${caller}",api="${api}"} ${count}`;

test("a denial of a caller whom no grant admits names its Application and the API", async () => {
  expect(await countedAfter({}, "APIDmobile", "APIDmobile")).toEqual([
    line("ApiNotGranted", "team-shop/mobile-app", "team-shop/orders", 2),
  ]);
});

test("a wrong signature names the Application of the key, and no API", async () => {
  expect(await countedAfter({ secret: "another-secret" }, "APIDmobile")).toEqual([
    line("SignatureMismatch", "team-shop/mobile-app", "", 1),
  ]);
});

test("P32: keys that do not exist share one series, whatever a client calls them", async () => {
  expect(await countedAfter({}, "APIDa", "APIDb", "APIDc/d")).toEqual([line("KeyUnknown", "", "", 3)]);
});

test("P32: beyond 1,000 series the denials of a code share one", async () => {
  const { counts, lines } = counted();
  const decision = outcomesOf({}, ["APIDmobile"])[0]?.decision;
  const attempt = decision?.reached.attempt;
  if (decision?.kind !== "deny" || !attempt?.key) throw new Error("it was not denied");
  const { denial, reached, enforcement } = decision;
  for (let at = 0; at < 1_005; at++) {
    const renamed = new KeyEntry(application({ name: `app-${at}` }), key());
    const other = { ...reached, attempt: { ...attempt, key: renamed } };
    counts.note("ApiNotGranted", new Deny(denial, other, enforcement));
  }
  expect(await lines()).toHaveLength(1_001);
  expect(await lines()).toContain(line("ApiNotGranted", "other", "other", 5));
});
