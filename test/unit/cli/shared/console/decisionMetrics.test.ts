import { expect, test } from "@jest/globals";
import { decisionsIn } from "../../../../../src/cli/shared/console/decisionMetrics.ts";

const DECISIONS = `
countersign_decisions_total{code="Allowed"} 7
countersign_decisions_total{code="KeyUnknown"} 2
countersign_decisions_total{code="ApiNotGranted"} 3
countersign_decisions_total{code="SignatureMismatch"} 0
`;

test("the denials of a scrape are read by code, Application and API, without those that never happened", () => {
  const scraped = `${DECISIONS}
countersign_denials_total{code="KeyUnknown",application="",api=""} 2
countersign_denials_total{code="ApiNotGranted",application="team-shop/mobile-app",api="team-shop/orders"} 3
countersign_denials_total{code="SignatureMismatch",application="",api=""} 0
countersign_denials_total{code="OfALaterVersion",application="",api=""} 4
`;
  expect(decisionsIn("verifier-0", scraped)).toEqual({
    verifier: "verifier-0",
    decisions: { Allowed: 7, KeyUnknown: 2, ApiNotGranted: 3 },
    denials: [
      { code: "KeyUnknown", application: "", api: "", count: 2 },
      { code: "ApiNotGranted", application: "team-shop/mobile-app", api: "team-shop/orders", count: 3 },
    ],
  });
});

test("of a verifier that counts by code alone, the denials are those codes without names", () => {
  expect(decisionsIn("verifier-0", DECISIONS).denials).toEqual([
    { code: "KeyUnknown", application: "", api: "", count: 2 },
    { code: "ApiNotGranted", application: "", api: "", count: 3 },
  ]);
});
