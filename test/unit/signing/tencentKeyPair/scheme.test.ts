import { createHmac } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { HeaderLines, isDenial, type SignedRequest } from "../../../../src/signing/scheme.ts";
import { TENCENT_KEY_PAIR } from "../../../../src/signing/tencentKeyPair/tencentKeyPairScheme.ts";
import { outcome, verify } from "./support.ts";

const SECRET = "a-secret-of-a-caller";
const NOW = Date.parse("2026-11-27T09:00:00Z");
const DATE = "Fri, 27 Nov 2026 09:00:00 GMT";
const AUTHORITY = "api.example.com";

type Lines = readonly (readonly [string, string])[];

interface Sent {
  readonly headers: Lines;
  /** `headers="…"`. */
  readonly listed: string;
  /** Of the string that the caller signs. */
  readonly string: string;
  readonly more?: Partial<SignedRequest>;
}

/** A request whose caller signs a string of its own. */
function requestOf({ headers, listed, string, more = {} }: Sent): SignedRequest {
  const signature = createHmac("sha1", SECRET).update(string, "latin1").digest("base64");
  const value = `hmac id="AKIDx", algorithm="hmac-sha1", headers="${listed}", signature="${signature}"`;
  return {
    ...{ method: "GET", path: "/orders", authority: AUTHORITY, body: { kind: "none" } },
    ...more,
    headers: new HeaderLines([...headers, ["Authorization", value]]),
  };
}

const dated: Sent = { headers: [["Date", DATE]], listed: "date", string: `date: ${DATE}` };
const listing: Sent = {
  headers: [
    ["X-Date", DATE],
    ["Source", "yousali"],
  ],
  ...{ listed: "x-date source", string: `x-date: ${DATE}\nsource: yousali` },
};
const OLD = "Fri, 27 Nov 2026 08:44:59 GMT";

describe("TencentKeyPair", () => {
  const cases: Record<string, [Sent, string]> = {
    "verifies a signature over Date alone": [dated, "key-pair"],
    "verifies the lines in the order of the list": [listing, "key-pair"],
    "denies the lines in another order": [
      { ...listing, string: `source: yousali\nx-date: ${DATE}` },
      "SignatureMismatch",
    ],
    "takes host for the authority": [
      { ...dated, listed: "host date", string: `host: ${AUTHORITY}\ndate: ${DATE}` },
      "key-pair",
    ],
    "signs neither method, path nor body": [
      { ...dated, more: { method: "POST", path: "/other", body: { kind: "unverifiable", why: "cut" } } },
      "key-pair",
    ],
    "denies another value of a listed header": [
      {
        ...listing,
        headers: [
          ["X-Date", DATE],
          ["Source", "other"],
        ],
      },
      "SignatureMismatch",
    ],
    "denies a listed header that was not sent": [
      { ...listing, headers: [["X-Date", DATE]] },
      "SignedHeaderMissing",
    ],
    "P5: denies a listed header that was sent twice": [
      { ...listing, headers: [...listing.headers, ["Source", "yousali"]] },
      "SignedHeaderRepeated",
    ],
    "P6: denies a listed header that holds a line feed": [
      {
        headers: [
          ["X-Date", DATE],
          ["Source", "a\nb: c"],
        ],
        listed: "x-date source",
        string: "",
      },
      "RequestUnverifiable",
    ],
    "P9: denies a date that is sent but not signed": [
      {
        ...dated,
        headers: [
          ["Date", DATE],
          ["Source", "a"],
        ],
        listed: "source",
        string: "source: a",
      },
      "DateInvalid",
    ],
    "P9: takes no notice of an X-Date that is not signed": [
      {
        ...dated,
        headers: [
          ["Date", DATE],
          ["X-Date", OLD],
        ],
      },
      "key-pair",
    ],
    "P9: goes by X-Date if both are signed": [
      {
        headers: [
          ["Date", DATE],
          ["X-Date", OLD],
        ],
        ...{ listed: "date x-date", string: `date: ${DATE}\nx-date: ${OLD}` },
      },
      "DateOutOfWindow",
    ],
    "P10: denies a date that is older than 15 minutes": [
      { headers: [["Date", OLD]], listed: "date", string: `date: ${OLD}` },
      "DateOutOfWindow",
    ],
    "denies a date that is not written as RFC 1123 has it": [
      { headers: [["Date", "2026-11-27"]], listed: "date", string: "date: 2026-11-27" },
      "DateInvalid",
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [sent, expected]) => {
    expect(outcome(requestOf(sent), SECRET, NOW)).toBe(expected);
  });

  test("verifies the vendor's published example", () => {
    const date = "Tue, 15 May 2018 03:48:52 GMT";
    const value =
      'hmac id="AKIDx", algorithm="hmac-sha1", headers="x-date source", signature="54Qp9aSc5jcrqtuWPYvlGPP/ToE="';
    const headers = new HeaderLines([
      ["x-date", date],
      ["source", "yousali"],
      ["authorization", value],
    ]);
    const request: SignedRequest = { ...requestOf(dated), headers };
    expect(outcome(request, "lCIC0ZQhtcI5u36Lojuh2bnOBqaKy6r5FF4Qc1", Date.parse(date))).toBe("key-pair");
  });

  test("verifies what the program itself signs, with each algorithm", () => {
    const plain = { method: "GET", path: "/orders", authority: AUTHORITY };
    for (const algorithm of TENCENT_KEY_PAIR.algorithms) {
      const own = [["Source", "a"]] as const;
      const pair = { keyId: "k", secret: SECRET, algorithm };
      const signed = TENCENT_KEY_PAIR.sign({ ...plain, headers: own }, pair, new Date(NOW), ["Source"]);
      const headers = new HeaderLines([...own, ...signed.headers]);
      expect(outcome({ ...plain, headers, body: { kind: "none" } }, SECRET, NOW)).toBe("key-pair");
      expect(signed.stringToSign).toBe(`source: a\nx-date: ${DATE}`);
    }
  });

  test("a denial has the server's string to sign, and names both headers that may hold the date", () => {
    const message = (sent: Sent) => {
      const found = verify(requestOf(sent), SECRET, NOW);
      return isDenial(found) ? found.message : "";
    };
    expect(message({ ...listing, string: "x" })).toBe(
      `HMAC signature does not match, Server StringToSign:x-date: ${DATE}#source: yousali`,
    );
    expect(message({ ...dated, headers: [["Date", "x"]] })).toContain("a valid date or x-date header");
  });

  test("a caller that lists authorization learns that it signed the one of a previous request", () => {
    const request = requestOf({ ...dated, listed: "date authorization" });
    const presented = TENCENT_KEY_PAIR.read(request);
    if (presented === undefined || isDenial(presented)) throw new Error("the Authorization parses");
    const { mistakes } = TENCENT_KEY_PAIR.diagnose;
    expect(mistakes({ presented } as never)).toEqual([
      expect.stringMatching(/lists authorization.*begin each request with new headers/),
    ]);
  });
});
