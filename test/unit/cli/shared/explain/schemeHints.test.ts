import { expect, test } from "@jest/globals";
import { decided } from "../../../../../src/cli/shared/capture/verdict.ts";
import { hintsFor } from "../../../../../src/cli/shared/explain/hints.ts";
import type { ApplicationProjection } from "../../../../../src/projection/documents.ts";
import { HeaderLines, schemeNamed } from "../../../../../src/signing/scheme.ts";
import { indexOf, NOW } from "../../../../support/decisions.ts";
import { application, domain, grant, settings } from "../../../../support/documents.ts";

/** The hints for a request that is signed under AlibabaCA and received so many minutes later. */
function hints(schemes: ApplicationProjection["schemes"], minutesLate = 0): readonly string[] {
  const request = { method: "GET", path: "/orders", authority: "api.shop.example.com" };
  const { headers } = schemeNamed("AlibabaCA").sign(
    { ...request, headers: [] },
    { keyId: "APIDmobile", secret: "mobile-secret-mobile-secret", algorithm: "hmac-sha256" },
    new Date(NOW),
  );
  const checked = {
    request: { ...request, headers: new HeaderLines(headers), body: { kind: "none" } as const },
    context: {},
  };
  const index = indexOf([application({ schemes }), grant(), domain()]);
  return hintsFor(decided(checked, index, NOW + minutesLate * 60_000));
}

test("a request whose scheme its Application does not allow gets the setting that would help", () => {
  expect(hints({ Tencent: settings() })).toEqual([
    "It would verify with spec.signing schemes: [AlibabaCA] (form x-ca)",
  ]);
});

test("a late request under AlibabaCA gets a hint about its timestamp", () => {
  expect(hints({ AlibabaCA: settings() }, 20)).toEqual([
    expect.stringContaining("X-Ca-Timestamp is 1200 s behind"),
  ]);
});
