import { describe, expect, test } from "@jest/globals";
import { signingKey } from "../../../../src/signing/algorithms.ts";
import { parseAuthorization } from "../../../../src/signing/hmacAuthorization/authorizationHeader.ts";
import { isDenial } from "../../../../src/signing/scheme.ts";
import { nearMiss } from "../../../../src/signing/tencent/nearMiss.ts";
import { type Capture, contextOf, decideCapture, parseRaw, readCaptures } from "./captures.ts";
import { signatureOf } from "./support.ts";

const captures = readCaptures("captures");

function miss(capture: Capture) {
  const request = parseRaw(capture.raw);
  const parsed = parseAuthorization(request.headers.single("authorization") ?? "");
  if (isDenial(parsed)) throw new Error(`${capture.id} has no Authorization`);
  return nearMiss(signatureOf(request, parsed, signingKey(capture.secret), contextOf(capture, request)));
}

describe("a request that needs another setting of its Application names that setting:", () => {
  const refused = captures.filter(({ id, expect }) => id.endsWith("-default") && expect === "deny");
  test.each(refused.map((capture) => [capture.id, capture] as const))("%s", (_, capture) => {
    const found = miss(capture);
    expect(found).toBeDefined();
    const settings = {
      ...(found?.parameters === undefined ? {} : { parameters: found.parameters }),
      openVariants: [...capture.open, ...(found?.openVariants ?? [])],
    };
    expect(decideCapture(capture, settings).ok).toBe(true);
  });
  test("a caller who signs decoded text that reads as encoded", () => {
    const capture = captures.find(({ id }) => id === "go-form-2021-009-default");
    expect(capture && miss(capture)).toMatchObject({ parameters: "Decoded" });
  });
});

test("a request that no setting would accept names no setting", () => {
  const capture = captures.find(({ id }) => id === "py3-json-042");
  expect(capture && miss(capture)).toBeUndefined();
});
