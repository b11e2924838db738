import { describe, expect, test } from "@jest/globals";
import { hmac, signingKey } from "../../../../src/signing/algorithms.ts";
import { oneBitOff, type Sent, verify } from "./support.ts";

/** Signatures that the vendor or a third party published, or that follow from the documented rule. */
interface Vector {
  readonly secret: string;
  readonly signature: string;
  readonly request: Sent;
  readonly algorithm?: string;
  readonly signedHeaders?: string;
  readonly prefix?: string;
}

const JSON_TYPES = [
  ["accept", "application/json"],
  ["content-type", "application/json"],
] as const;

const golden = (path: string, signature: string, prefix = ""): Vector => ({
  secret: "demo-secret",
  signature,
  prefix,
  request: { method: "GET", path, headers: [...JSON_TYPES, ["x-date", "Tue, 15 Sep 2026 03:00:00 GMT"]] },
});

const SECRET = "Dc44ACV2Da3Gm9JVaaaaaaaaumYRI4CZfVG8Qiuv";
const derived = (algorithm: string, signature: string): Vector => ({
  secret: SECRET,
  signature,
  algorithm,
  signedHeaders: "source x-date",
  request: {
    method: "POST",
    path: "/",
    body: "p=test",
    headers: [
      ["source", "apigw test"],
      ["x-date", "Thu, 11 Mar 2021 08:29:58 GMT"],
      ["accept", "application/json"],
      ["content-type", "application/x-www-form-urlencoded"],
    ],
  },
});
const withBody = (signature: string): Vector => ({
  secret: SECRET,
  signature,
  request: {
    method: "POST",
    path: "/data",
    body: '{"arg1":"a","arg2":"b"}',
    headers: [["x-date", "Thu, 11 Mar 2021 08:29:58 GMT"], ...JSON_TYPES],
  },
});

const health = "/pudu-entry/data-open-platform-service/v1/api/healthCheck";
const VECTORS: Record<string, Vector> = {
  "a path": golden(health, "inSBRSYOS6F/EEFUlhHBRlD5pDE="),
  "a query": golden(
    "/pudu-entry/data-board/v1/analysis/task/delivery?end_time=1693670399&shop_id=331300000&start_time=1693497600&time_unit=day&timezone_offset=7",
    "Sq+m2JBEvE5clyDi2+hnI0fw6yM=",
  ),
  "a query that is sorted and decoded": golden(
    `${health}?b=2&a=%23%23%23Special%20Character%20Test&c=3`,
    "PFRLVW66mnXI0gFPbZeaujQLKY8=",
  ),
  "an environment that is cut": golden(
    "/release/pudu-entry/x/y?k=v",
    "xap2fNe80EEvQO6AFvZzfH8CfRg=",
    "/release",
  ),
  "a form with hmac-sha1": derived("hmac-sha1", "jLN0+Qva7WIzoEvvT1A5/+naheA="),
  "a form with hmac-sha256": derived("hmac-sha256", "zX/zhQp5Fb1EMtJlw4JNEf4ibgj2jSj6fyHtBXwujig="),
  "a form with hmac-sm3": derived("hmac-sm3", "uNhBoiuUgxRtNuKMR0i36OJWIU/6m3v0VfbSzqN/VPI="),
  "a body whose MD5 is base64 of hex": withBody("3PayL0hwH1eg58x40A/eFuPQlYQ="),
  "a body whose MD5 is base64 of the bytes": withBody("oOdWkL73jFIOSvEjGrQ7QV8LTPs="),
  "a body whose MD5 is hex": withBody("6Uzid7Jaoeu5XainIsf5PgJIVXg="),
};

function signed({ request, algorithm, signedHeaders }: Vector, signature: string): Sent {
  const value = `hmac id="APIDkey", algorithm="${algorithm ?? "hmac-sha1"}", headers="${signedHeaders ?? "x-date"}", signature="${signature}"`;
  return { ...request, headers: [...request.headers, ["authorization", value]] };
}

describe("the published signature verifies, and with one bit off it does not, for", () => {
  test.each(Object.entries(VECTORS))("%s", (_, vector) => {
    const context = { environmentPrefix: vector.prefix ?? "", parameters: "Auto" } as const;
    expect(verify(signed(vector, vector.signature), vector.secret, context)).toMatchObject({
      ok: true,
      form: "documented",
    });
    expect(verify(signed(vector, oneBitOff(vector.signature)), vector.secret, context)).toMatchObject({
      ok: false,
      denial: { code: "SignatureMismatch" },
    });
  });
});

test("the vendor's vector of the key-pair scheme holds for the HMAC alone", () => {
  const key = signingKey("lCIC0ZQhtcI5u36Lojuh2bnOBqaKy6r5FF4Qc1");
  const text = "x-date: Tue, 15 May 2018 03:48:52 GMT\nsource: yousali";
  expect(hmac("hmac-sha1", key, text).toString("base64")).toBe("54Qp9aSc5jcrqtuWPYvlGPP/ToE=");
  expect(hmac("hmac-sha1", key, `${text}.`).toString("base64")).not.toBe("54Qp9aSc5jcrqtuWPYvlGPP/ToE=");
});

test("the vector whose repeated values are joined by a comma verifies where that is open, and only there", () => {
  const vector = golden("/pudu-entry/p?z=&a=1&a=2", "zydGxuu5mLf1C7s9DdKAF3RNbHQ=");
  const context = { environmentPrefix: "", parameters: "Auto" } as const;
  const open = { ...context, openVariants: ["JoinedValues"] } as const;
  expect(verify(signed(vector, vector.signature), vector.secret, context).ok).toBe(false);
  expect(verify(signed(vector, vector.signature), vector.secret, open)).toMatchObject({ ok: true });
  expect(verify(signed(vector, oneBitOff(vector.signature)), vector.secret, open).ok).toBe(false);
});
