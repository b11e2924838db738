import { describe, expect, test } from "@jest/globals";
import type { Allow } from "../../../src/policy/decision.ts";
import type { NonceUse } from "../../../src/policy/nonceUse.ts";
import type { Projection, ReplayProtection } from "../../../src/projection/documents.ts";
import { type Asked, ask, NOW, verdict } from "../../support/decisions.ts";
import { application, domain, grant, key, settings } from "../../support/documents.ts";

const WHEN_SENT: ReplayProtection = { mode: "WhenSent" };
const REQUIRED: ReplayProtection = { mode: "Required" };
const SIGNED: Asked = { headers: [["x-apigw-nonce", "n-1"]], signed: ["x-apigw-nonce"] };
const UNSIGNED: Asked = { headers: [["x-apigw-nonce", "n-1"]] };

/** The projections with these settings of the Application and of the ApiDomain. */
function world(
  ofApplication?: ReplayProtection,
  ofDomain?: ReplayProtection,
  clockSkewSeconds = 900,
): readonly Projection[] {
  const schemes = { Tencent: settings({ clockSkewSeconds }) };
  return [
    application({ schemes, ...(ofApplication && { replayProtection: ofApplication }) }),
    grant(),
    domain(ofDomain && { replayProtection: ofDomain }),
  ];
}

function useOf(documents: readonly Projection[], asked: Asked = SIGNED): NonceUse | undefined {
  const decision = ask(documents, asked);
  if (decision.kind === "deny") throw new Error(decision.code);
  return decision.nonceUse;
}

describe("the nonce of an allowed request", () => {
  test.each([
    ["neither sets a mode", undefined, undefined, undefined],
    ["the Application sets WhenSent", WHEN_SENT, undefined, "WhenSent"],
    ["the ApiDomain sets WhenSent", undefined, WHEN_SENT, "WhenSent"],
    ["the ApiDomain is stricter", WHEN_SENT, REQUIRED, "Required"],
    ["the Application is stricter", REQUIRED, WHEN_SENT, "Required"],
  ])("is used up in the stricter mode: %s", (_, ofApplication, ofDomain, mode) => {
    expect(useOf(world(ofApplication, ofDomain))?.mode).toBe(mode);
  });

  test.each([
    ["no mode", world(), SIGNED, "allow"],
    ["WhenSent without a nonce", world(WHEN_SENT), {}, "allow"],
    ["WhenSent with a nonce that is not signed", world(WHEN_SENT), UNSIGNED, "allow"],
    ["Required with a signed nonce", world(REQUIRED), SIGNED, "allow"],
    ["Required without a nonce", world(REQUIRED), {}, "NonceMissing"],
    ["Required of the ApiDomain alone without a nonce", world(undefined, REQUIRED), {}, "NonceMissing"],
    ["Required with a nonce that is not signed", world(REQUIRED), UNSIGNED, "NonceMissing"],
    ["Required, but the signature does not match", world(REQUIRED), { secret: "other" }, "SignatureMismatch"],
    ["Required, but not granted", world(REQUIRED), { path: "/other" }, "NoApiMatch"],
  ])("%s", (_, documents, asked: Asked, expected) => {
    expect(verdict(ask(documents, asked))).toBe(expected);
  });

  test("P11: is the one that is signed, never one that is only sent", () => {
    expect(useOf(world(WHEN_SENT), UNSIGNED)).toBeUndefined();
  });

  test("is not used up where the request signs none", () => {
    expect(useOf(world(WHEN_SENT), {})).toBeUndefined();
  });

  test.each([
    ["15 minutes from its date", undefined, undefined, 900, 900],
    ["15 minutes under a short clock skew too, since that may be raised", undefined, undefined, 60, 900],
    ["the window of the Application", 3_600, undefined, 900, 3_600],
    ["the window of the ApiDomain", undefined, 3_600, 900, 3_600],
    ["the longer window", 2_000, 3_600, 900, 3_600],
    ["15 minutes if the ApiDomain's window is shorter", undefined, 60, 900, 900],
  ])("is remembered for %s and 5 s", (_, ofApplication, ofDomain, skew, seconds) => {
    const setting = (windowSeconds?: number): ReplayProtection => ({
      mode: "WhenSent",
      ...(windowSeconds === undefined ? {} : { windowSeconds }),
    });
    const documents = world(setting(ofApplication), setting(ofDomain), skew);
    expect(useOf(documents)?.windowMs).toBe((seconds + 5) * 1_000);
  });

  test("P11: is remembered as long as the longest clock skew admits its request, whatever the present one is", () => {
    const longest = world(WHEN_SENT, undefined, 900);
    for (const seconds of [-60, -1, 0, 1, 60]) {
      const at = NOW + seconds * 1_000;
      const use = ask(world(WHEN_SENT, undefined, 60), { ...SIGNED, now: at }) as Allow;
      const endsAt = at + (use.nonceUse?.windowMs ?? 0);
      expect(verdict(ask(longest, { ...SIGNED, now: endsAt - 5_000 }))).toBe("allow");
      expect(verdict(ask(longest, { ...SIGNED, now: endsAt - 4_999 }))).toBe("DateOutOfWindow");
    }
  });

  test("has an id of 22 characters, the same for the same nonce of one key in any request", () => {
    const id = useOf(world(WHEN_SENT))?.id;
    expect(id).toMatch(/^[\w-]{22}$/);
    expect(useOf(world(REQUIRED), { ...SIGNED, path: "/orders/7", method: "POST" })?.id).toBe(id);
  });

  test("has another id for another nonce, key and Application", () => {
    const other: Asked = { headers: [["x-apigw-nonce", "n-2"]], signed: ["x-apigw-nonce"] };
    const keys = [key(), key({ apiAppKey: "APIDnext" })];
    const two = [application({ keys, replayProtection: WHEN_SENT }), grant(), domain()];
    const moved = application({ applicationId: "app-another0", replayProtection: WHEN_SENT });
    const ids = [
      useOf(two)?.id,
      useOf(two, other)?.id,
      useOf(two, { ...SIGNED, keyId: "APIDnext" })?.id,
      useOf([moved, grant(), domain()])?.id,
      useOf(two, { headers: [["x-apigw-nonce", "n".repeat(3_000)]], signed: ["x-apigw-nonce"] })?.id,
    ];
    expect(new Set(ids).size).toBe(5);
    expect(ids.every((id) => id?.length === 22)).toBe(true);
  });
});
