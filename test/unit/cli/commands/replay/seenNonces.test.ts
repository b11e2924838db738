import { describe, expect, test } from "@jest/globals";
import { SeenNonces } from "../../../../../src/cli/commands/replay/seenNonces.ts";
import type { Decided } from "../../../../../src/cli/shared/capture/verdict.ts";
import { ask, NOW, verdict } from "../../../../support/decisions.ts";
import { application, domain, grant } from "../../../../support/documents.ts";

const world = [application({ replayProtection: { mode: "WhenSent" } }), grant(), domain()];

/** The decision on a request with this nonce that was received so many seconds after NOW. */
function decided(nonce: string | undefined, seconds = 0, path = "/orders"): Decided {
  const signed =
    nonce === undefined ? {} : { headers: [["x-apigw-nonce", nonce]] as const, signed: ["x-apigw-nonce"] };
  const decision = ask(world, { ...signed, path });
  return { decision, now: NOW + seconds * 1_000 } as Decided;
}

/** The verdicts on requests in this order. */
const verdicts = (seen: SeenNonces, ...all: readonly Decided[]) =>
  all.map((one) => verdict(seen.decide(one).decision));

describe("of captured requests with one nonce", () => {
  test("the first that is read is allowed, also if it was received later", () => {
    expect(verdicts(new SeenNonces(), decided("n", 10), decided("n", 0), decided("n", 20))).toEqual([
      "allow",
      "NonceRepeated",
      "NonceRepeated",
    ]);
  });

  test("both are allowed if the window lies between them", () => {
    expect(verdicts(new SeenNonces(), decided("n"), decided("n", 905), decided("n", 906))).toEqual([
      "allow",
      "allow",
      "NonceRepeated",
    ]);
  });

  test("one that is denied uses the nonce up for no other", () => {
    expect(verdicts(new SeenNonces(), decided("n", 0, "/other"), decided("n"))).toEqual([
      "NoApiMatch",
      "allow",
    ]);
  });

  test("those without a nonce are allowed", () => {
    expect(verdicts(new SeenNonces(), decided(undefined), decided(undefined))).toEqual(["allow", "allow"]);
  });

  test("the oldest nonces are forgotten beyond the limit", () => {
    const seen = new SeenNonces(2);
    expect(verdicts(seen, decided("a"), decided("b"), decided("c"), decided("a"), decided("c"))).toEqual([
      ...["allow", "allow", "allow", "allow"],
      "NonceRepeated",
    ]);
  });
});
