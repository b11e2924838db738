import { createHmac } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { wouldVerifyWith } from "../../../src/policy/decide.ts";
import type { Allow, Decision, Deny } from "../../../src/policy/decision.ts";
import type { ApplicationProjection, Projection } from "../../../src/projection/documents.ts";
import { HeaderLines, schemeNamed } from "../../../src/signing/scheme.ts";
import { type Asked, ask, indexOf, NOW, verdict } from "../../support/decisions.ts";
import { application, domain, grant, settings } from "../../support/documents.ts";

type Schemes = ApplicationProjection["schemes"];

const worldOf = (schemes: Schemes): readonly Projection[] => [application({ schemes }), grant(), domain()];
const TENCENT = worldOf({ Tencent: settings() });
const ALIBABA = worldOf({ AlibabaCA: settings() });
const BOTH = worldOf({ Tencent: settings(), AlibabaCA: settings() });

const alibaba: Asked = { scheme: "AlibabaCA" };
const denied = (decision: Decision) => (decision as Deny).denial;

describe("the schemes of an Application", () => {
  const cases: Record<string, [readonly Projection[], Asked, string]> = {
    "admit a request that is signed under the only one": [ALIBABA, alibaba, "allow"],
    "admit requests of both, if there are two: the first": [BOTH, {}, "allow"],
    "admit requests of both, if there are two: the second": [BOTH, alibaba, "allow"],
    "deny a request of a scheme that is not among them": [TENCENT, alibaba, "KeyUnknown"],
    "deny a request of the default scheme, if it is not among them": [ALIBABA, {}, "KeyUnknown"],
    "have algorithms of their own": [
      worldOf({ Tencent: settings(), AlibabaCA: settings({ algorithms: ["hmac-sha256"] }) }),
      { ...alibaba, algorithm: "hmac-sha1" },
      "AlgorithmUnsupported",
    ],
    "P16: have no algorithm that the scheme does not have, also if the Application lists it": [
      worldOf({ AlibabaCA: settings({ algorithms: ["hmac-sha256", "hmac-sha512"] }) }),
      { ...alibaba, headers: [["x-ca-signature-method", "hmac-sha512"]] },
      "AlgorithmUnsupported",
    ],
    "have a window of their own": [
      worldOf({ Tencent: settings(), AlibabaCA: settings({ clockSkewSeconds: 60 }) }),
      { ...alibaba, now: NOW + 61_000 },
      "DateOutOfWindow",
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [world, asked, expected]) => {
    expect(verdict(ask(world, asked))).toBe(expected);
  });

  test.each([
    ["Tencent", ALIBABA],
    ["AlibabaCA", TENCENT],
  ] as const)(
    "P34: give a caller under %s, which is not allowed, the denial of an unknown key",
    (scheme, world) => {
      expect(denied(ask(world, { scheme }))).toBe(denied(ask(world, { scheme, keyId: "APIDnobody" })));
    },
  );
});

/** Over `date: Tue, 24 Nov 2026 09:00:00 GMT` with the secret of APIDmobile. */
const DATE_ALONE = `hmac id="APIDmobile", algorithm="hmac-sha1", headers="date", signature="${createHmac(
  "sha1",
  "mobile-secret-mobile-secret",
)
  .update("date: Tue, 24 Nov 2026 09:00:00 GMT")
  .digest("base64")}"`;

describe("the schemes whose callers send the same Authorization", () => {
  const KEY_PAIR = worldOf({ TencentKeyPair: settings() });
  const EITHER = worldOf({ Tencent: settings(), TencentKeyPair: settings() });
  const keyPair: Asked = { scheme: "TencentKeyPair" };
  /** Its Date, which is all that the Tencent scheme would sign of it, is not an X-Date. */
  const dateAlone: Asked = {
    unsigned: true,
    headers: [
      ["date", "Tue, 24 Nov 2026 09:00:00 GMT"],
      ["authorization", DATE_ALONE],
    ],
  };
  const cases: Record<string, [readonly Projection[], Asked, string]> = {
    "admit a request over listed headers alone, if the Application allows that": [KEY_PAIR, keyPair, "allow"],
    "admit one over Date alone": [KEY_PAIR, dateAlone, "allow"],
    "deny it for an Application that allows Tencent alone": [TENCENT, keyPair, "SignatureMismatch"],
    "deny one over Date alone for an Application that allows Tencent alone": [
      TENCENT,
      dateAlone,
      "DateInvalid",
    ],
    "deny it for an Application that allows neither": [ALIBABA, keyPair, "KeyUnknown"],
    "deny a request under Tencent for an Application that allows TencentKeyPair alone": [
      KEY_PAIR,
      {},
      "SignatureMismatch",
    ],
    "admit both for an Application that allows both: TencentKeyPair": [EITHER, keyPair, "allow"],
    "admit both for an Application that allows both: Date alone": [EITHER, dateAlone, "allow"],
    "admit both for an Application that allows both: Tencent": [EITHER, {}, "allow"],
    "deny what is neither for an Application that allows both": [
      EITHER,
      { ...keyPair, secret: "wrong" },
      "SignatureMismatch",
    ],
    "have algorithms of their own": [
      worldOf({ Tencent: settings(), TencentKeyPair: settings({ algorithms: ["hmac-sha1"] }) }),
      keyPair,
      "SignatureMismatch",
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [world, asked, expected]) => {
    expect(verdict(ask(world, asked))).toBe(expected);
  });

  test("are reported as the one that verified, and as Tencent if neither did", () => {
    expect((ask(EITHER, keyPair) as Allow).authenticated.scheme.name).toBe("TencentKeyPair");
    expect((ask(EITHER, {}) as Allow).authenticated.scheme.name).toBe("Tencent");
    expect((ask(EITHER, { secret: "wrong" }) as Deny).reached.scheme?.name).toBe("Tencent");
    expect((ask(KEY_PAIR, { secret: "wrong" }) as Deny).reached.scheme?.name).toBe("TencentKeyPair");
  });
});

describe("a request that presents signatures of two schemes is denied", () => {
  const of = (scheme: "Tencent" | "AlibabaCA", secret = "mobile-secret-mobile-secret") =>
    schemeNamed(scheme).sign(
      { method: "GET", path: "/orders", authority: "api.shop.example.com", headers: [] },
      { keyId: "APIDmobile", secret, algorithm: "hmac-sha256" },
      new Date(NOW),
    ).headers;
  test.each([
    ["although both are valid", of("AlibabaCA")],
    ["also if one is not", of("AlibabaCA", "wrong")],
  ])("%s", (_, headers) => {
    const decision = ask(BOTH, { headers });
    expect(verdict(decision)).toBe("RequestUnverifiable");
    expect((decision as Deny).reached.scheme).toBeUndefined();
  });
});

describe("a denial names the scheme whose words it is in", () => {
  const header = (name: string, value: string): Asked => ({ unsigned: true, headers: [[name, value]] });
  test.each([
    ["Tencent", "for an Authorization that cannot be read", header("authorization", "hmac x")],
    ["AlibabaCA", "for an X-Ca-Signature that cannot be read", header("x-ca-signature", "x")],
    ["AlibabaCA", "for a wrong signature", { ...alibaba, secret: "wrong" }],
    ["AlibabaCA", "for a path that no grant names", { ...alibaba, path: "/other" }],
  ] as const)("%s %s", (scheme, _, asked) => {
    expect((ask(BOTH, asked) as Deny).reached.scheme?.name).toBe(scheme);
  });
});

describe("what would help a request whose scheme is not allowed", () => {
  const near = (world: readonly Projection[], asked: Asked) => {
    const index = indexOf(world);
    const request = { method: "GET", path: "/orders", authority: "api.shop.example.com" };
    const pair = { keyId: "APIDmobile", secret: asked.secret ?? "mobile-secret-mobile-secret" };
    const signed = schemeNamed(asked.scheme ?? "Tencent").sign(
      { ...request, headers: [] },
      { ...pair, algorithm: "hmac-sha256" },
      new Date(NOW),
    );
    const checked = {
      request: { ...request, headers: new HeaderLines(signed.headers), body: { kind: "none" } as const },
      context: {},
    };
    return wouldVerifyWith(checked, ask(index, asked), index);
  };

  test("is that scheme, if the signature verifies under it", () => {
    expect(near(TENCENT, alibaba)).toEqual({ variant: "x-ca", schemes: ["AlibabaCA"] });
    expect(near(ALIBABA, {})).toEqual({ variant: "documented", schemes: ["Tencent"] });
  });

  test("is the other scheme with the same Authorization", () => {
    const keyPair = { TencentKeyPair: settings() };
    expect(near(TENCENT, { scheme: "TencentKeyPair" })).toEqual({
      variant: "key-pair",
      schemes: ["TencentKeyPair"],
    });
    expect(near(ALIBABA, { scheme: "TencentKeyPair" })).toEqual({
      variant: "key-pair",
      schemes: ["TencentKeyPair"],
    });
    expect(near(worldOf(keyPair), {})).toEqual({ variant: "documented", schemes: ["Tencent"] });
    expect(near(worldOf(keyPair), { secret: "wrong" })).toBeUndefined();
  });

  test("is nothing, if the signature does not verify under it", () => {
    expect(near(TENCENT, { ...alibaba, secret: "wrong" })).toBeUndefined();
  });
});

test("a variant that another scheme remembered for the key is no hint, and does no harm", () => {
  const world = indexOf(BOTH);
  const first = ask(world, {}) as Allow;
  const second = ask(world, alibaba) as Allow;
  for (const [asked, remembered] of [
    [alibaba, first],
    [{}, second],
  ] as const)
    expect(verdict(ask(world, asked, { hints: () => ({ variant: remembered.authenticated.variant }) }))).toBe(
      "allow",
    );
});
