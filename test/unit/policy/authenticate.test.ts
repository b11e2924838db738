import { describe, expect, test } from "@jest/globals";
import type { Projection } from "../../../src/projection/documents.ts";
import { type Asked, ask, NOW, verdict, WORLD } from "../../support/decisions.ts";
import { application, domain, grant, key, settings } from "../../support/documents.ts";

describe("a request is decided", () => {
  const cases: Record<string, [readonly Projection[], Asked, string]> = {
    "as unauthenticated without an Authorization": [WORLD, { unsigned: true }, "AuthorizationMissing"],
    "as an unknown key": [WORLD, { keyId: "APIDnobody" }, "KeyUnknown"],
    "P18: as an unknown key when it is named like an object's own function": [
      WORLD,
      { keyId: "constructor" },
      "KeyUnknown",
    ],
    "as a mismatch under another secret": [WORLD, { secret: "wrong" }, "SignatureMismatch"],
    "P16: as unsupported under an algorithm that the Application does not list": [
      [application({ schemes: { Tencent: settings({ algorithms: ["hmac-sha256"] }) } }), grant(), domain()],
      { algorithm: "hmac-sha1" },
      "AlgorithmUnsupported",
    ],
    "P10: as out of date after the window": [WORLD, { now: NOW + 901_000 }, "DateOutOfWindow"],
    "P10: as out of date before the window": [WORLD, { now: NOW - 901_000 }, "DateOutOfWindow"],
    "as allowed at the window's edge": [WORLD, { now: NOW + 900_000 }, "allow"],
    "P11: as out of date when it is replayed after a window that its Application made shorter": [
      [application({ schemes: { Tencent: settings({ clockSkewSeconds: 60 }) } }), grant(), domain()],
      { now: NOW + 61_000 },
      "DateOutOfWindow",
    ],
    "P1: as unsafe when the path holds //": [WORLD, { path: "/orders//x" }, "UnsafePath"],
    "P1: as unsafe when the path holds a dot segment": [WORLD, { path: "/orders/../admin" }, "UnsafePath"],
    "P1: as unsafe when the path holds an escaped slash": [WORLD, { path: "/orders%2Fx" }, "UnsafePath"],
    "P1: as unsafe when the path holds a fragment": [WORLD, { path: "/orders#x" }, "UnsafePath"],
    "P1: as unsafe when a dot is escaped twice": [WORLD, { path: "/orders/%252e%252e" }, "UnsafePath"],
    "P2: as unsafe when the path is empty": [WORLD, { path: "" }, "UnsafePath"],
    "P2: as unsafe when the path is *": [WORLD, { path: "*" }, "UnsafePath"],
    "P2: as unsafe when the path is an address": [WORLD, { path: "http://x/orders" }, "UnsafePath"],
    "P5: as malformed when Authorization comes twice": [
      WORLD,
      { headers: [["authorization", "hmac x"]] },
      "AuthorizationMalformed",
    ],
    "P5: as repeated when x-date comes twice": [
      WORLD,
      { headers: [["x-date", "Tue, 24 Nov 2026 09:00:00 GMT"]] },
      "SignedHeaderRepeated",
    ],
    "P41: as unknown when the key is retired": [
      [
        application({ keys: [key({ state: "Retiring", retiresAt: "2026-11-24T09:00:00Z" })] }),
        grant(),
        domain(),
      ],
      {},
      "KeyUnknown",
    ],
    "as allowed while the key retires": [
      [
        application({ keys: [key({ state: "Retiring", retiresAt: "2026-11-24T09:00:01Z" })] }),
        grant(),
        domain(),
      ],
      {},
      "allow",
    ],
    "as allowed with a key that is pending": [
      [application({ keys: [key({ state: "Pending" })] }), grant(), domain()],
      {},
      "allow",
    ],
    "P39: as unknown when the key is revoked, though it is still listed": [
      [application({ revokedKeys: ["APIDmobile"] }), grant(), domain()],
      {},
      "KeyUnknown",
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [world, asked, expected]) => {
    expect(verdict(ask(world, asked))).toBe(expected);
  });
});
