import { describe, expect, test } from "@jest/globals";
import { ObservedProxy, signsOf } from "../../../src/verifier/observedProxy.ts";
import { decodeCheckRequest } from "../../../src/verifier/wire/checkRequest.ts";
import { mapShape, rawShape, type Sent, signedLines } from "../../support/checks.ts";
import { encodeCheck, type HttpAttributes } from "../../support/envoyProtos.ts";

const LIMIT = 1_000;
const attributesOf = (http: HttpAttributes, context?: Record<string, string>) => {
  const decoded = decodeCheckRequest(encodeCheck(http, context));
  if (!decoded) throw new Error("the Check of the test cannot be read");
  return decoded;
};
const signs = (http: HttpAttributes, leftMs = 500, context?: Record<string, string>) =>
  signsOf(attributesOf(http, context), leftMs, LIMIT).filter((sign) => sign !== "Check");

const post: Sent = { method: "POST", body: Buffer.from("{}") };
const without = (http: HttpAttributes): HttpAttributes => ({ ...http, rawBody: Buffer.alloc(0), body: "" });
const flagged = (sent: Sent, flag: string) =>
  rawShape({ ...sent, headers: [["x-envoy-auth-partial-body", flag]] });
const twice = (sent: Sent, name: string) => {
  const lines = signedLines(sent);
  return [...lines, ...lines.filter(([one]) => one === name)];
};

describe("a Check shows that the proxy", () => {
  const cases: Record<string, [HttpAttributes, readonly string[]]> = {
    "sends headers as they came": [rawShape({}), ["HeadersRaw"]],
    "joins headers": [mapShape({}), ["HeadersMap"]],
    "sends a body whole": [rawShape(post), ["HeadersRaw", "BodyWhole"]],
    "sends a body as text": [mapShape(post), ["HeadersMap", "BodyAsText"]],
    "cuts a body": [flagged({ method: "POST" }, "true"), ["HeadersRaw", "BodyPartial"]],
    "sends a body as long as it buffers": [
      rawShape({ ...post, body: Buffer.alloc(LIMIT, "a") }),
      ["HeadersRaw", "BodyAtLimit"],
    ],
    "sends no body": [
      without(rawShape({ method: "POST", headers: [["content-length", "2"]] })),
      ["HeadersRaw", "BodyMissing"],
    ],
    "reports an empty body as whole": [flagged({ method: "POST" }, "false"), ["HeadersRaw"]],
    "joins two dates": [mapShape({}, twice({}, "x-date")), ["HeadersMap", "HeaderJoined"]],
    "hands over two dates apart": [rawShape({}, twice({}, "x-date")), ["HeadersRaw"]],
    "leaves a double slash": [rawShape({ path: "//orders" }), ["HeadersRaw", "PathNotNormalised"]],
    "leaves a dot segment": [rawShape({ path: "/a/../orders" }), ["HeadersRaw", "PathNotNormalised"]],
    "leaves an escape of a letter": [rawShape({ path: "/%6frders" }), ["HeadersRaw", "PathNotNormalised"]],
    "leaves escapes that mean something": [
      rawShape({ path: "/a%20b%3Fc%C3%A9%5B%7B%60%40" }),
      ["HeadersRaw"],
    ],
    "does not look at the query": [rawShape({ path: "/orders?a=//../%41" }), ["HeadersRaw"]],
  };
  test.each(Object.entries(cases))("%s", (_, [http, expected]) => {
    expect(signs(http)).toEqual(expected);
  });

  test("leaves little time, or names the API", () => {
    expect(signs(rawShape({}), 99)).toContain("DeadlineShort");
    expect(signs(rawShape({}), Number.POSITIVE_INFINITY)).not.toContain("DeadlineShort");
    expect(signs(rawShape({}), 500, { api: "team-shop/orders" })).toContain("ContextExtensions");
  });
});

test("what was seen is counted", () => {
  const counted: string[] = [];
  const proxy = new ObservedProxy({ inc: (sign) => counted.push(sign) });
  for (const http of [rawShape({}), mapShape({})]) proxy.note(attributesOf(http), 500, LIMIT);
  expect(counted.toSorted()).toEqual(["Check", "Check", "HeadersMap", "HeadersRaw"]);
});
