import { describe, expect, test } from "@jest/globals";
import { schemeNamed } from "../../../src/signing/scheme.ts";
import { checkerOver, HOST, mapShape, NOW, rawShape } from "../../support/checks.ts";
import { application, domain, grant, settings } from "../../support/documents.ts";
import { decodeResponse } from "../../support/envoyProtos.ts";

const WORLD = [application({ schemes: { AlibabaCA: settings() } }), grant(), domain()];
const lines = (secret = "mobile-secret-mobile-secret") =>
  schemeNamed("AlibabaCA").sign(
    { method: "GET", path: "/orders", authority: HOST, headers: [] },
    { keyId: "APIDmobile", secret, algorithm: "hmac-sha256" },
    new Date(NOW),
  ).headers;

describe.each([
  ["raw headers", rawShape],
  ["a map of headers", mapShape],
])("a request under AlibabaCA that Envoy sends as %s", (_, shape) => {
  test("is allowed, and no header is removed that Envoy does not let a reply remove", () => {
    const { check } = checkerOver(WORLD);
    const { okResponse } = decodeResponse(check(shape({}, lines())));
    // An Envoy that was configured before this scheme lets no reply remove it.
    expect(okResponse?.headersToRemove).not.toContain("x-ca-signature");
    expect(okResponse?.headersToRemove).not.toContain("authorization");
  });

  test("is denied with the headers that the vendor's clients read, if its signature is wrong", () => {
    const { check } = checkerOver(WORLD);
    const { deniedResponse } = decodeResponse(check(shape({}, lines("wrong"))));
    const headers = new Map(deniedResponse?.headers.map(({ header }) => [header?.key, header?.value]));
    expect(deniedResponse?.status?.code).toBe(401);
    expect(headers.get("x-ca-error-message")).toMatch(/^Invalid Signature, Server StringToSign:GET####/);
    expect(headers.get("www-authenticate")).toBe("X-Ca");
  });
});
