import { describe, expect, test } from "@jest/globals";
import { noApiMatch, DENIALS as POLICY_DENIALS } from "../../../../src/policy/denials.ts";
import { DENIALS, signatureMismatch } from "../../../../src/signing/hmacAuthorization/denials.ts";
import { TENCENT } from "../../../../src/signing/tencent/tencentScheme.ts";

const ALL = { ...DENIALS, ...POLICY_DENIALS };
const errorBody = TENCENT.voice.body;

test("an error's body is the vendor's message with slashes escaped, a code and the request's id", () => {
  const body = errorBody(signatureMismatch("x-date: d\nGET\n\n\n\n/"), "id-1");
  expect(body).toBe(
    '{"message":"HMAC signature does not match, Server StringToSign:x-date: d#GET####\\/","code":"SignatureMismatch","requestId":"id-1"}',
  );
});

test("bytes that are no text still make JSON in UTF-8", () => {
  const body = errorBody({ message: '\xff\xc3\xa4\n"', code: "SignatureMismatch" }, "");
  expect(JSON.parse(body).message).toBe('\ufffdä\n"');
});

test("a long quotation is cut", () => {
  expect(errorBody(noApiMatch("/".padEnd(100_000, "a"), "h"), "").length).toBeLessThan(5_000);
});

describe("the vendor's message word for word", () => {
  const cases: Record<string, string> = {
    authorizationMissing: "HMAC signature cannot be verified, a validate authorization header is required",
    authorizationMalformed: "HMAC authorization format error",
    authorizationIncomplete: "HMAC authorization headers is invalidate",
    keyOrSignatureMissing: "HMAC id or signature missing",
    signedHeaderRepeated: "HMAC do not support multiple HTTP header",
    keyUnknown: "HMAC signature cannot be verified",
    apiNotGranted: "HMAC apikey is invalid for API",
    noApplicationBound: "Found no validate apiapp",
  };
  test.each(Object.entries(cases))("%s", (name, message) => {
    expect(ALL[name as keyof typeof ALL].message).toBe(message);
  });
});

test("every denial has a status of an error", () => {
  for (const denial of Object.values(ALL)) expect(denial.status).toBeGreaterThanOrEqual(400);
});
