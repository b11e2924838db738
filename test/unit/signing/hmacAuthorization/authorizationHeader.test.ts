import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseAuthorization } from "../../../../src/signing/hmacAuthorization/authorizationHeader.ts";
import { isDenial } from "../../../../src/signing/scheme.ts";

const MAC = "jLN0+Qva7WIzoEvvT1A5/+naheA=";
const GOOD = `hmac id="APIDkey", algorithm="hmac-sha1", headers="source x-date", signature="${MAC}"`;

describe("an Authorization is read", () => {
  const cases: Record<string, string> = {
    "as documented": GOOD,
    "in any order of its parameters": `hmac signature="${MAC}", headers="source x-date", algorithm="hmac-sha1", id="APIDkey"`,
    "without blanks behind commas": GOOD.replaceAll(", ", ","),
    "with blanks around the equals sign": GOOD.replaceAll(/(id|algorithm|headers|signature)="/g, '$1 = "'),
    "with the scheme in upper case": GOOD.replace("hmac ", "HMAC "),
    "with the algorithm in upper case": GOOD.replace("hmac-sha1", "HMAC-SHA1"),
    "with header names in mixed case": GOOD.replace("source x-date", "Source X-Date"),
  };
  test.each(Object.entries(cases))("%s", (_, value) => {
    expect(parseAuthorization(value)).toMatchObject({
      keyId: "APIDkey",
      algorithm: "hmac-sha1",
      signedHeaders: { listed: ["source", "x-date"] },
    });
  });
});

describe("an Authorization is refused", () => {
  const cases: Record<string, [string, string]> = {
    "when it is of another scheme": ["Bearer abc", "AuthorizationMalformed"],
    "when it is empty": ["", "AuthorizationMalformed"],
    "when it is the scheme alone": ["hmac", "AuthorizationMalformed"],
    "P5: when a proxy joined a second one on": [`${GOOD},${GOOD}`, "AuthorizationMalformed"],
    "P5: when a parameter comes twice": [`${GOOD}, id="other"`, "AuthorizationMalformed"],
    "when a parameter is unknown": [`${GOOD}, nonce="1"`, "AuthorizationMalformed"],
    "when it ends in a comma": [`${GOOD},`, "AuthorizationMalformed"],
    "when a value has no quotes": [GOOD.replace('"APIDkey"', "APIDkey"), "AuthorizationMalformed"],
    "when the id is missing": [GOOD.replace('id="APIDkey", ', ""), "KeyOrSignatureMissing"],
    "when the signature is empty": [GOOD.replace(MAC, ""), "KeyOrSignatureMissing"],
    "when the algorithm is missing": [GOOD.replace('algorithm="hmac-sha1", ', ""), "AuthorizationIncomplete"],
    "when the headers are missing": [
      GOOD.replace('headers="source x-date", ', ""),
      "AuthorizationIncomplete",
    ],
    "when a header is named twice": [GOOD.replace("source", "X-DATE"), "AuthorizationMalformed"],
    "P40: when a pseudo header is named": [GOOD.replace("source", ":path"), "AuthorizationMalformed"],
    "P40: when (request-target) is named": [
      GOOD.replace("source", "(request-target)"),
      "AuthorizationMalformed",
    ],
    "P33: when it is longer than 4 KiB": [
      GOOD.replace("APIDkey", "k".repeat(4096)),
      "AuthorizationMalformed",
    ],
    "P33: when it names more than 32 headers": [
      GOOD.replace("source", Array.from({ length: 32 }, (_, index) => `h${index}`).join(" ")),
      "AuthorizationMalformed",
    ],
    "P20: when the signature is spelled in another base64": [
      GOOD.replace("A=", "B="),
      "AuthorizationMalformed",
    ],
    "P20: when the signature has blanks": [GOOD.replace("jLN0", "jL N0"), "AuthorizationMalformed"],
    "P20: when the signature is base64url": [GOOD.replace("+", "-"), "AuthorizationMalformed"],
    "P20: when the padding is missing": [GOOD.replace("A=", "A"), "AuthorizationMalformed"],
  };
  test.each(Object.entries(cases))("%s", (_, [value, code]) => {
    expect(parseAuthorization(value)).toEqual(expect.objectContaining({ status: 401, code }));
  });
});

test("P18: names of an object's own functions are header names like any others", () => {
  const parsed = parseAuthorization(GOOD.replace("source", "__proto__ constructor"));
  expect(parsed).toMatchObject({
    signedHeaders: { listed: ["__proto__", "constructor", "x-date"] },
  });
});

test("any bytes are answered with a value, never with an exception", () => {
  const near = fc.array(
    fc.constantFrom("hmac ", 'id="', 'signature="', '"', ",", "=", " ", "A==", "headers=", "\0"),
    { maxLength: 40 },
  );
  const anything = fc.oneof(
    fc.string({ unit: "binary", maxLength: 200 }),
    near.map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(anything, (value) => {
      const parsed = parseAuthorization(value);
      expect(isDenial(parsed) ? parsed.status : parsed.signature.length).toBeGreaterThan(0);
    }),
  );
});
