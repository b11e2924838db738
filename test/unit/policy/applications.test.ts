import { describe, expect, test } from "@jest/globals";
import { Secret } from "../../../src/api/secret.ts";
import { ask, indexOf, verdict } from "../../support/decisions.ts";
import { application, domain, grant, key, stored } from "../../support/documents.ts";

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
