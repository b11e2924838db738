import { describe, expect, test } from "@jest/globals";
import { Secret } from "../../../../src/api/secret.ts";
import { ApplicationTable } from "../../../../src/policy/index/applications.ts";
import { ask, indexOf, verdict } from "../../../support/decisions.ts";
import { application, domain, grant, key, stored } from "../../../support/documents.ts";
import { PUBLIC_KEY } from "../../../support/publicKeys.ts";

describe("P17: a key that two Applications have", () => {
  const first = application({ keys: [key({ apiAppSecret: Secret.of("first-first-first") })] });
  const second = application({
    uid: "u2",
    name: "z",
    createdAt: "2026-02-01T00:00:00Z",
    applicationId: "app-second00",
    keys: [key({ apiAppSecret: Secret.of("second-second-second") })],
  });
  const grants = [
    grant({
      applications: [
        { kind: "name", name: "z" },
        { kind: "name", name: "mobile-app" },
      ],
    }),
    domain(),
  ];

  test("is the older one's, whichever came last", () => {
    expect(verdict(ask([second, first, ...grants], { secret: "first-first-first" }))).toBe("allow");
    expect(verdict(ask([first, second, ...grants], { secret: "second-second-second" }))).toBe(
      "SignatureMismatch",
    );
  });

  test("is the other's once the older one is gone", () => {
    const index = indexOf([first, second, ...grants]);
    index.remove(stored(first).name, "2");
    expect(verdict(ask(index, { secret: "second-second-second" }))).toBe("allow");
  });
});

describe("the table of Applications", () => {
  const NOW = Date.parse("2026-11-24T09:00:00Z");
  const keyOf = (table: ApplicationTable, id: string, now = NOW) => table.key(id, now)?.application.name;
  function tableOf(...applications: readonly ReturnType<typeof application>[]): ApplicationTable {
    const table = new ApplicationTable();
    for (const one of applications) table.add(stored(one).name, one);
    return table;
  }

  test("finds a public key by its keyId, until it expires, is revoked or its Application goes", () => {
    const laptop = { keyId: "laptop", algorithm: "ed25519", publicKey: PUBLIC_KEY } as const;
    const ending = { ...laptop, keyId: "ending", expiresAt: "2026-11-24T09:00:00Z" };
    const revoked = { ...laptop, keyId: "revoked" };
    const one = application({ publicKeys: [laptop, ending, revoked], revokedKeys: ["revoked"] });
    const table = tableOf(one);
    const found = (now: number) => ["laptop", "ending", "revoked"].map((id) => keyOf(table, id, now));
    expect(found(NOW - 1)).toEqual(["mobile-app", "mobile-app", undefined]);
    expect(found(NOW)).toEqual(["mobile-app", undefined, undefined]);
    expect(table.key("laptop", NOW)?.key).toMatchObject({ asymmetricKeyType: "ed25519" });
    table.remove(stored(one).name);
    expect(keyOf(table, "laptop")).toBeUndefined();
  });

  test("finds pending, active and retiring keys, the last until they retire", () => {
    const retiresAt = "2026-11-24T09:00:00Z";
    const states = [
      key({ apiAppKey: "P", state: "Pending" }),
      key({ apiAppKey: "A" }),
      key({ apiAppKey: "R", state: "Retiring", retiresAt }),
    ];
    const table = tableOf(application({ keys: states }));
    expect(["P", "A", "R"].map((id) => keyOf(table, id, NOW - 1))).toEqual(Array(3).fill("mobile-app"));
    expect(["P", "A", "R"].map((id) => keyOf(table, id))).toEqual(["mobile-app", "mobile-app", undefined]);
  });

  test("finds no revoked key, no unknown key and no name of an object's own property", () => {
    const table = tableOf(application({ keys: [key({ apiAppKey: "X" })], revokedKeys: ["X"] }));
    expect(["X", "Y", "constructor"].map((id) => keyOf(table, id))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test.each(["APID\ud800", "APID中", "APID\u{1f511}"])(
    "takes %j for no other key, and forgets it",
    (apiAppKey) => {
      const one = application({ keys: [key({ apiAppKey })] });
      const table = tableOf(one);
      const entry = table.key(apiAppKey, NOW);
      expect([entry?.apiAppKey, table.key(apiAppKey, NOW) === entry]).toEqual([apiAppKey, true]);
      expect(keyOf(table, Buffer.from("APID\ud800").toString())).toBeUndefined();
      table.remove(stored(one).name);
      expect(keyOf(table, apiAppKey)).toBeUndefined();
    },
  );

  test("finds Applications by id and by name until they are removed", () => {
    const table = tableOf(application());
    const known = () => [
      table.has("app-mobile00"),
      table.hasName("team-shop", "mobile-app"),
      keyOf(table, "APIDmobile") !== undefined,
      table.size,
    ];
    expect(known()).toEqual([true, true, true, 1]);
    table.remove(stored(application()).name);
    table.remove(stored(application()).name);
    expect(known()).toEqual([false, false, false, 0]);
  });

  test("finds an id that two Applications have until both are removed", () => {
    const second = application({ uid: "u2", name: "z", keys: [] });
    const table = tableOf(application(), second);
    table.remove(stored(application()).name);
    expect(table.has("app-mobile00")).toBe(true);
    table.remove(stored(second).name);
    expect(table.has("app-mobile00")).toBe(false);
  });

  test("keeps the entry of a key for as long as its Application stays as it is and has the key", () => {
    const [older, newer] = ["2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z"].map((createdAt, at) =>
      application({ uid: `u${at}`, name: `other-${at}`, applicationId: `app-other-${at}`, createdAt }),
    ) as [ReturnType<typeof application>, ReturnType<typeof application>];
    const mine = application({ createdAt: "2026-06-01T00:00:00Z" });
    const table = tableOf(mine);
    const entry = table.key("APIDmobile", NOW);
    expect(entry).toBeDefined();
    const isKept = () => table.key("APIDmobile", NOW) === entry;
    table.add(stored(newer).name, newer);
    expect(isKept()).toBe(true);
    table.add(stored(older).name, older);
    expect([isKept(), keyOf(table, "APIDmobile")]).toEqual([false, "other-0"]);
    table.remove(stored(older).name);
    expect([isKept(), keyOf(table, "APIDmobile")]).toEqual([false, "mobile-app"]);
    table.remove(stored(mine).name);
    table.add(stored(mine).name, { ...mine, suspended: true });
    expect(keyOf(table, "APIDmobile")).toBe("mobile-app");
    expect(table.key("APIDmobile", NOW)?.isSuspended).toBe(true);
    table.remove(stored(mine).name);
    expect(keyOf(table, "APIDmobile")).toBe("other-1");
  });
});
