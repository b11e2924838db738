import { describe, expect, test } from "@jest/globals";
import { type Action, readAction } from "../../../../src/console/actions/action.ts";
import { type Change, changeBy } from "../../../../src/console/actions/change.ts";
import { planOf } from "../../../../src/console/actions/plan.ts";
import { writeOf } from "../../../../src/console/actions/write.ts";
import { treeOf } from "../../../../src/console/knowledge/tree.ts";
import { emptyObjects } from "../../../support/console/sources.ts";

const AT = "2026-11-28T12:00:00Z";
const NOW = Date.parse(AT);
const IN = { namespace: "team-shop", name: "mobile-app" } as const;
const meta = (name: string, namespace?: string) => ({
  name,
  ...(namespace === undefined ? {} : { namespace }),
  uid: name,
  resourceVersion: "7",
  creationTimestamp: "2026-01-01T00:00:00Z",
});
const API = { name: "orders", hosts: ["api.shop.example.com"], paths: [{ value: "/orders" }] };

/** A shop whose grant admits mobile-app, which has an active key. */
function shop(spec: object = {}) {
  const objects = emptyObjects();
  const put = (kind: "applications" | "grants" | "domains", key: string, object: object) =>
    objects[kind].put(key, object as never);
  const keys = [{ apiAppKey: "APIDa", state: "Active" }];
  const status = { applicationId: "app-aaaaaaaa", keys };
  for (const name of ["mobile-app", "kiosk"])
    put("applications", `team-shop/${name}`, {
      ...{ kind: "Application", metadata: meta(name, "team-shop"), spec, status },
    });
  put("grants", "team-shop/partners", {
    ...{ kind: "ApiGrant", metadata: meta("partners", "team-shop") },
    spec: { environment: "release", apis: [API], applications: [{ name: "mobile-app" }] },
  });
  put("domains", "shop", {
    ...{ kind: "ApiDomain", metadata: meta("shop") },
    spec: { hosts: ["api.shop.example.com"], namespaces: { names: ["team-shop"] } },
  });
  return objects;
}

function planned(action: Action, objects = shop()) {
  const change = changeBy(action, objects, AT) as Change;
  return { plan: planOf(change, treeOf(objects), NOW), write: writeOf(change) };
}

describe("an action changes the spec alone, under the version that it was planned on", () => {
  const grant = { namespace: "team-shop", name: "partners" } as const;
  const cases: Record<string, [action: Action, spec: object]> = {
    "rotate asks for one rotation": [
      { kind: "rotateKeys", ...IN },
      { credentials: { rotation: { requestedAt: AT } } },
    ],
    "reset revokes the active key": [
      { kind: "resetKeys", ...IN },
      { credentials: { revokedKeys: ["APIDa"] } },
    ],
    "suspend sets the field": [{ kind: "suspend", ...IN }, { suspended: true }],
    "an expiry is set": [
      { kind: "setExpiry", of: "Application", ...IN, expiresAt: "2027-01-01T00:00:00Z" },
      { expiresAt: "2027-01-01T00:00:00Z" },
    ],
    "authorize adds an entry by name": [
      { kind: "authorize", ...grant, entry: { name: "kiosk" } },
      { applications: [{ name: "mobile-app" }, { name: "kiosk" }] },
    ],
    "authorize adds a partner by id": [
      { kind: "authorize", ...grant, entry: { applicationId: "app-k3v9x0q2" } },
      { applications: [{ name: "mobile-app" }, { applicationId: "app-k3v9x0q2" }] },
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [action, spec]) => {
    expect(planned(action).write).toMatchObject({
      method: "PATCH",
      body: { metadata: { resourceVersion: "7" }, spec },
    });
    expect(Object.keys((planned(action).write.body as { spec: object }).spec)).toEqual(Object.keys(spec));
  });

  test("an expiry that is removed is null in the patch", () => {
    const objects = shop({ expiresAt: "2027-01-01T00:00:00Z", displayName: "Mobile app" });
    const action = { kind: "setExpiry", of: "Application", ...IN, expiresAt: "" } as const;
    expect(planned(action, objects).write.body).toMatchObject({ spec: { expiresAt: null } });
  });
});

describe("the plan shows what an action opens and closes", () => {
  test("suspend closes what the Application may call", () => {
    const { changes } = planned({ kind: "suspend", ...IN }).plan;
    expect(changes?.map(({ change, caller, path }) => [change, caller, path.value])).toEqual([
      ["closes", "team-shop/mobile-app", "/orders"],
    ]);
  });

  test("authorize opens it for the new entry", () => {
    const entry = { name: "kiosk" };
    const { changes, yaml } = planned({
      kind: "authorize",
      namespace: "team-shop",
      name: "partners",
      entry,
    }).plan;
    expect(changes?.map(({ change, caller }) => `${change} ${caller}`)).toEqual(["opens team-shop/kiosk"]);
    expect(yaml).toContain("- name: kiosk");
    expect(yaml).not.toContain("status");
  });

  test("a rotation changes no access", () => {
    expect(planned({ kind: "rotateKeys", ...IN }).plan.changes).toEqual([]);
  });

  test("what the API server would reject is reported, with its field", () => {
    const entry = { applicationId: "partner" };
    const { problems } = planned({ kind: "authorize", namespace: "team-shop", name: "partners", entry }).plan;
    expect(problems.map(({ field }) => field)).toEqual(["spec.applications[1].applicationId"]);
  });
});

describe("an action is not planned", () => {
  const grant = { namespace: "team-shop", name: "partners" } as const;
  const cases: Record<string, [action: Action, refusal: string]> = {
    "on an object that does not exist": [
      { kind: "suspend", namespace: "team-shop", name: "other" },
      "missing",
    ],
    "to create what exists": [{ kind: "createApplication", ...IN, displayName: "", expiresAt: "" }, "exists"],
    "to add an entry that is there": [
      { kind: "authorize", ...grant, entry: { name: "mobile-app" } },
      "sameEntry",
    ],
    "to remove an entry that is not there": [
      { kind: "unauthorize", ...grant, entry: { name: "kiosk" } },
      "noSuchEntry",
    ],
    "to remove the only entry, since a grant needs one": [
      { kind: "unauthorize", ...grant, entry: { name: "mobile-app" } },
      "lastEntry",
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [action, refusal]) => {
    expect(changeBy(action, shop(), AT)).toBe(refusal);
  });

  test("to rotate an imported key pair, which its owner changes", () => {
    const objects = shop({ credentials: { source: "Imported", importFrom: { name: "old" } } });
    expect(changeBy({ kind: "rotateKeys", ...IN }, objects, AT)).toBe("imported");
    expect(changeBy({ kind: "resetKeys", ...IN }, objects, AT)).toBe("imported");
  });

  test("from JSON that is no action", () => {
    expect(readAction({ kind: "deleteEverything", ...IN })).toBeUndefined();
    expect(readAction({ kind: "authorize", ...IN })).toBeUndefined();
    expect(readAction("suspend")).toBeUndefined();
    expect(readAction({ kind: "suspend", ...IN, name: "" })).toBeUndefined();
  });
});
