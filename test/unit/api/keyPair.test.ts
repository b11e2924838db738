import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { isApiAppKey, secretFault } from "../../../src/api/keyPair.ts";

/** 40 letters and digits, as the vendor generates them, and a custom secret. */
const GENERATED = "Dc44ACV2Da3Gm9JVaaaaaaaaumYRI4CZfVG8Qiuv";
const CUSTOM = "my_own_secret_of_2021";
const twice = (text: string) => Buffer.from(text).toString("base64");

describe("the text of an ApiAppSecret is refused", () => {
  const cases: Record<string, [string, RegExp]> = {
    "when it ends with a line feed": [`${GENERATED}\n`, /^ends with a line feed: .*--from-literal/],
    "when it ends with the line end of Windows": [`${GENERATED}\r\n`, /^ends with a line feed/],
    "when it ends with a carriage return": [`${GENERATED}\r`, /^ends with a carriage return/],
    "when it ends with a tab": [`${GENERATED}\t`, /^ends with a tab/],
    "when it ends with a blank": [`${GENERATED} `, /^ends with a blank/],
    "when it ends with a no-break space": [`${GENERATED}\u00a0`, /^ends with a no-break space/],
    "when it ends with a zero-width space": [
      `${GENERATED}\u200b`,
      /^ends with the invisible character U\+200B/,
    ],
    "when it begins with a byte order mark": [`\ufeff${GENERATED}`, /^begins with a byte order mark/],
    "when it begins with a blank": [` ${GENERATED}`, /^begins with a blank/],
    "when it is nothing but line ends": ["\n\n", /^ends with a line feed/],
    "when it holds two lines": [`${GENERATED}\n${GENERATED}`, /^holds a line feed: .*one line/],
    "when it holds a NUL byte": [`${GENERATED}\0x`, /^holds a NUL byte/],
    "when it was saved as UTF-16": [
      Buffer.from(`\ufeff${GENERATED}`, "utf16le").toString("utf8"),
      /^holds bytes that are not UTF-8/,
    ],
    "when it was encoded twice": [twice(GENERATED), /^is the base64 text of a secret/],
    "when it was encoded twice with the line end of echo": [twice(`${GENERATED}\n`), /encoded twice/],
    "when a custom one whose base64 text is padded was encoded twice": [
      twice(`${CUSTOM}x`),
      /^is the base64 text/,
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [text, fault]) => {
    expect(secretFault(text)).toMatch(fault);
  });
});

describe("the text of an ApiAppSecret is taken", () => {
  const cases: Record<string, string> = {
    "as the vendor generates it": GENERATED,
    "as somebody chose it": CUSTOM,
    "with blanks inside": "correct horse battery staple",
    "with letters beyond ASCII": "секрет-секрет",
    "when it is base64 of random bytes": "3q2+7wAAAAD/////AAAAABERERE=",
    "when it is base64 text that could be a secret of the vendor's itself": twice("ABCDEFGHIJKL"),
    "when it is base64 text of something that is no secret of the vendor's": twice("a secret with blanks"),
    "when it is base64 text of a secret, but not as an encoder writes it": `${twice(`${CUSTOM}x`)}=`,
  };
  test.each(Object.entries(cases))("%s", (_, text) => {
    expect(secretFault(text)).toBeUndefined();
  });

  test("whatever 10 to 50 letters, digits and underscores it is", () => {
    const vendors = fc.stringMatching(/^[A-Za-z0-9_]{10,50}$/);
    fc.assert(fc.property(vendors, (text) => secretFault(text) === undefined));
  });
});

test("a fault quotes nothing of the secret", () => {
  for (const text of [`${GENERATED}\n`, `a\n${GENERATED}`, twice(GENERATED)])
    expect(secretFault(text)).not.toContain(text.slice(0, 8));
});

describe("the text of an ApiAppKey", () => {
  const cases: Record<string, [string, boolean]> = {
    "is letters and digits": ["APIDLIA6tMfqsinsadaaaaaaaapHLkQ1z0kO5n5P", true],
    "is at most 64 characters": ["K".repeat(65), false],
    "has no line end": ["APIDx\n", false],
    "has no quotation mark": ['APIDx"', false],
    "is not empty": ["", false],
  };
  test.each(Object.entries(cases))("%s", (_, [text, isKey]) => {
    expect(isApiAppKey(text)).toBe(isKey);
  });
});
