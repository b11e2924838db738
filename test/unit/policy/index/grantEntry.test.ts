import { describe, expect, test } from "@jest/globals";
import { GrantEntry } from "../../../../src/policy/index/grantEntry.ts";
import type { ApiGrantProjection, GrantedApplication } from "../../../../src/projection/documents.ts";
import { application, grant } from "../../../support/documents.ts";

describe("a grant of team-shop is meant for", () => {
  const mobile = application({ labels: { tier: "internal" } });
  const foreign = application({ namespace: "team-pay", labels: { tier: "internal" } });
  const name = (of: string): GrantedApplication => ({ kind: "name", name: of });
  const selector = (tier: string): GrantedApplication => ({
    kind: "selector",
    selector: { matchLabels: { tier } },
  });
  const id = (applicationId: string, namespace?: string): GrantedApplication => ({
    kind: "id",
    applicationId,
    ...(namespace === undefined ? {} : { namespace }),
  });
  const cases: Record<string, [readonly GrantedApplication[], typeof mobile, boolean]> = {
    "the Application with that name": [[name("mobile-app")], mobile, true],
    "no Application with another name": [[name("web-app")], mobile, false],
    "no Application with that name in another namespace": [[name("mobile-app")], foreign, false],
    "the Applications that its selector selects": [[selector("internal")], mobile, true],
    "no Application that its selector does not select": [[selector("external")], mobile, false],
    "no Application in another namespace that its selector selects": [[selector("internal")], foreign, false],
    "the Application with that id, in any namespace": [[id("app-mobile00")], foreign, true],
    "no Application with another id": [[id("app-other000")], foreign, false],
    "the Application with that id in the pinned namespace": [[id("app-mobile00", "team-pay")], foreign, true],
    "no Application with that id outside the pinned namespace": [
      [id("app-mobile00", "team-pay")],
      mobile,
      false,
    ],
    "the Application with that id in each of several pinned namespaces": [
      [id("app-mobile00", "team-x"), id("app-mobile00", "team-pay")],
      foreign,
      true,
    ],
    "the Application with that id in any namespace, if one entry is not pinned": [
      [id("app-mobile00", "team-x"), id("app-mobile00")],
      foreign,
      true,
    ],
    "an Application that one of several entries matches": [
      [name("web-app"), selector("internal")],
      mobile,
      true,
    ],
    "no Application without any entry": [[], mobile, false],
  };
  test.each(Object.entries(cases))("%s", (_, [applications, asked, expected]) => {
    expect(new GrantEntry(grant({ applications })).isMeantFor(asked)).toBe(expected);
  });
});

describe("a grant", () => {
  const [FIRST, LAST] = ["2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"];
  const cases: Record<string, [Partial<ApiGrantProjection>, string, boolean]> = {
    "without notBefore and expiresAt is in force": [{}, FIRST, true],
    "that is suspended is not in force": [{ suspended: true }, FIRST, false],
    "is not in force a millisecond before it begins": [
      { notBefore: FIRST },
      "2026-01-31T23:59:59.999Z",
      false,
    ],
    "is in force from the instant at which it begins": [{ notBefore: FIRST }, FIRST, true],
    "is in force until a millisecond before it expires": [
      { expiresAt: LAST },
      "2026-02-28T23:59:59.999Z",
      true,
    ],
    "is not in force from the instant at which it expires": [{ expiresAt: LAST }, LAST, false],
    "that is suspended within its time is not in force": [
      { notBefore: FIRST, expiresAt: LAST, suspended: true },
      "2026-02-15T00:00:00Z",
      false,
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [change, at, expected]) => {
    expect(new GrantEntry(grant(change)).isInForce(Date.parse(at))).toBe(expected);
  });
});
