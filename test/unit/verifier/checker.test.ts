import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { DENIALS as OF_POLICY } from "../../../src/policy/denials.ts";
import { DENIALS as OF_SCHEME } from "../../../src/signing/hmacAuthorization/denials.ts";
import { DEFAULT_SCHEME } from "../../../src/signing/scheme.ts";
import { DENIALS as OF_VERIFIER } from "../../../src/verifier/denials.ts";
import type { Checked } from "../../../src/verifier/outcome.ts";
import { deny } from "../../../src/verifier/reply.ts";
import { StepQueue } from "../../../src/verifier/stepQueue.ts";
import { checkerOver, HOST, mapShape, NOW, rawShape, type Sent, signedLines } from "../../support/checks.ts";
import { decodeResponse, encodeCheck, type HttpAttributes } from "../../support/envoyProtos.ts";

const DENIALS = { ...OF_SCHEME, ...OF_POLICY, ...OF_VERIFIER };

/** What Envoy makes of the answer: the status that the caller gets, 200 for allowed, and the code of a denial. */
function verdict(bytes: Buffer): string {
  const { status, okResponse, deniedResponse } = decodeResponse(bytes);
  if (status?.code === 0 && okResponse) return "allowed";
  const { code } = JSON.parse(deniedResponse?.body ?? "{}");
  return `${deniedResponse?.status?.code} ${code}`;
}

const ask = (http: HttpAttributes, context?: Record<string, string>) =>
  verdict(checkerOver().check(http, context));
const shapes = { raw: rawShape, map: mapShape };

describe.each(Object.entries(shapes))("in the %s shape", (name, shape) => {
  const post: Sent = {
    method: "POST",
    body: Buffer.from('{"sku":7}'),
    headers: [["content-type", "application/json"]],
  };
  const allowed: Record<string, Sent> = {
    "a signed GET": {},
    "a signed POST with a body": post,
    "a path with a query": { path: "/orders/7?b=2&a=1" },
    "P3: a host in capitals with a port and a dot": { host: "API.shop.Example.com.:8080" },
  };
  test.each(Object.entries(allowed))("%s is allowed", (_, sent) => {
    expect(ask(shape(sent))).toBe("allowed");
  });

  const refused: Record<string, readonly [HttpAttributes, string]> = {
    "an unsigned one as without authorization": [shape({}, []), "401 AuthorizationMissing"],
    "one with another secret as a mismatch": [shape({ secret: "other" }), "401 SignatureMismatch"],
    "one with another path as a mismatch": [
      shape({ path: "/orders/8" }, signedLines({ path: "/orders/7" })),
      "401 SignatureMismatch",
    ],
    "P14: one with another body than was signed": [
      shape({ ...post, body: Buffer.from('{"sku":8}') }, signedLines(post)),
      "401 SignatureMismatch",
    ],
    "P13: one whose body is as long as the proxy buffers": [
      shape({ ...post, body: Buffer.alloc(1_000, "a") }),
      "400 BodyUnverifiable",
    ],
    "P13: one whose body did not come": [
      shape({ ...post, body: Buffer.alloc(0) }, signedLines(post)),
      "401 SignatureMismatch",
    ],
    "P15: a POST without a body, about which the proxy reports nothing": [
      shape({ method: "POST" }, signedLines({ method: "POST" })),
      "400 BodyUnverifiable",
    ],
    "P2: one without a path": [shape({ path: "" }), "400 UnsafePath"],
    "P2: CONNECT": [shape({ method: "CONNECT", path: "" }, []), "400 UnsafePath"],
    "P2: OPTIONS *": [shape({ method: "OPTIONS", path: "*" }, []), "400 UnsafePath"],
    "P1: a double slash": [shape({ path: "//orders" }), "400 UnsafePath"],
    "P1: an escaped slash": [shape({ path: "/orders%2fadmin" }), "400 UnsafePath"],
    "P1: a fragment": [shape({ path: "/orders#/admin" }), "400 UnsafePath"],
    "P1: a dot segment": [shape({ path: "/orders/../admin" }), "400 UnsafePath"],
    "P5: two authorizations": [
      shape({}, [...signedLines({}), ...signedLines({}).filter(([one]) => one === "authorization")]),
      "401 AuthorizationMalformed",
    ],
    "P3: a host with a comma": [shape({ host: `${HOST},other.example.com` }), "403 NoApiMatch"],
    "P3: a host with a user": [shape({ host: `user@${HOST}` }), "403 NoApiMatch"],
  };
  test.each(Object.entries(refused))("%s is refused", (_, [http, expected]) => {
    expect(ask(http)).toBe(expected);
  });

  test("P5: two lines of x-date are refused", () => {
    const lines = signedLines({});
    const twice = [...lines, ...lines.filter(([one]) => one === "x-date")];
    expect(ask(shape({}, twice))).toMatch(name === "raw" ? "401 SignedHeaderRepeated" : "401 DateInvalid");
  });

  test("P4: the API that the proxy names must be the one that host and path name", () => {
    expect(ask(shape({}), { api: "team-shop/orders", environment: "release" })).toBe("allowed");
    expect(ask(shape({}), { api: "team-shop/refunds" })).toBe("403 ContextMismatch");
    expect(ask(shape({}), { environment: "test" })).toBe("403 ContextMismatch");
  });
});

describe("P6: bytes that are not UTF-8", () => {
  test("in a body are verified in the raw shape, and unverifiable in the map shape", () => {
    const body = Buffer.from([0xff, 0x00, 0x41]);
    const sent: Sent = { method: "POST", body, headers: [["content-type", "application/octet-stream"]] };
    expect(ask(rawShape(sent))).toBe("allowed");
    expect(ask(mapShape(sent))).toBe("400 BodyUnverifiable");
  });

  test("in a signed header that the proxy replaced make the request unverifiable", () => {
    const sent: Sent = { headers: [["accept", "a!"]] };
    expect(ask(rawShape(sent))).toBe("allowed");
    expect(ask(mapShape(sent))).toBe("400 RequestUnverifiable");
  });

  test("in a path count as they were sent, not as the proxy shows them", () => {
    const sent: Sent = { path: "/orders/!" };
    const replaced = { ...rawShape(sent), path: "/orders/!" };
    const raw = replaced.headerMap?.headers.map((line) =>
      line.key === ":path" ? { ...line, rawValue: Buffer.from("/orders/\xff", "latin1") } : line,
    );
    expect(ask({ ...replaced, headerMap: { headers: raw ?? [] } })).toBe("400 UnsafePath");
    expect(ask({ ...mapShape(sent), protocol: "HTTP/2" })).toBe("400 RequestUnverifiable");
  });
});

describe("P23: whatever fails is a refusal", () => {
  test("a verifier that is not ready answers 503", () => {
    const { check } = checkerOver(undefined, { isReady: () => false });
    expect(verdict(check(rawShape({})))).toBe("503 NotReady");
  });

  test("an exception inside is a 503, and is logged", () => {
    const fault = new Error("broken");
    const { check, errors, outcomes } = checkerOver(undefined, {
      now: () => {
        throw fault;
      },
    });
    expect(verdict(check(rawShape({})))).toBe("503 InternalError");
    expect(errors).toEqual([fault]);
    expect(outcomes).toEqual([{ code: "InternalError" }]);
  });

  test("an answer that comes too close to the deadline is no leave to pass", () => {
    const { check } = checkerOver();
    expect(verdict(check(rawShape({}), {}, NOW + 21))).toBe("allowed");
    expect(verdict(check(rawShape({}), {}, NOW + 19))).toBe("503 NotReady");
  });

  test("any bytes are answered with a denial that Envoy takes for one", () => {
    const { checker } = checkerOver();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { status, deniedResponse } = decodeResponse(checker(Buffer.from(bytes), NOW + 500));
        expect(status?.code).toBeGreaterThan(0);
        expect(deniedResponse?.status?.code).toBeGreaterThanOrEqual(400);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(Object.entries(DENIALS))("the denial %s never has status code 0", (_, denial) => {
    const { voice } = DEFAULT_SCHEME;
    const { status, deniedResponse } = decodeResponse(deny({ denial, voice }, undefined));
    expect(status?.code).toBeGreaterThan(0);
    expect(deniedResponse?.status?.code).toBe(denial.status);
  });
});

describe("P22: the upstream's identity headers", () => {
  const forged: Sent = {
    headers: [
      ["x-countersign-application-id", "app-forged00"],
      ["X-Countersign-Admin", "true"],
      ["x-countersign-plan", "gold"],
    ],
  };
  test.each(Object.entries(shapes))("come from the verified key alone, in the %s shape", (_, shape) => {
    const { okResponse } = decodeResponse(checkerOver().check(shape(forged)));
    const set = new Map(okResponse?.headers.map(({ header }) => [header.key, header.value]));
    expect(set.get("x-countersign-application-id")).toBe("app-mobile00");
    expect(set.has("x-countersign-plan")).toBe(false);
    expect(okResponse?.headersToRemove).toEqual(
      expect.arrayContaining([
        "x-countersign-admin",
        "x-countersign-plan",
        "authorization",
        "x-envoy-auth-partial-body",
      ]),
    );
  });

  test("are in the metadata too, for rate limits and access logs", () => {
    const { dynamicMetadata } = decodeResponse(checkerOver().check(rawShape({})));
    expect(dynamicMetadata.fields).toMatchObject({
      application_id: { stringValue: "app-mobile00" },
      key_id: { stringValue: "APIDmobile" },
      grant: { stringValue: "team-shop/orders" },
    });
  });
});

describe("a denial shows the caller", () => {
  const answer = (http: HttpAttributes) => {
    const { deniedResponse, dynamicMetadata } = decodeResponse(checkerOver().check(http));
    const headers = new Map(deniedResponse?.headers.map(({ header }) => [header.key, header.value]));
    return { headers, body: JSON.parse(deniedResponse?.body ?? ""), metadata: dynamicMetadata.fields };
  };

  test("the vendor's message, a code, and the request's id in body and header", () => {
    const { headers, body, metadata } = answer(rawShape({}, [["x-request-id", "req-1"]]));
    expect(body).toEqual({
      message: DENIALS.authorizationMissing.message,
      code: "AuthorizationMissing",
      requestId: "req-1",
    });
    expect(headers.get("x-api-requestid")).toBe("req-1");
    expect(headers.get("www-authenticate")).toBe("hmac");
    expect(metadata).toEqual({ code: expect.objectContaining({ stringValue: "AuthorizationMissing" }) });
  });

  test("the server's string to sign when the signature does not match, and nothing of the secret", () => {
    const { body } = answer(rawShape({ secret: "other" }));
    expect(body.message).toMatch(/Server StringToSign:x-date: .*#GET#.*#\/orders$/);
    expect(JSON.stringify(body)).not.toContain("mobile-secret");
  });

  test("no request's id that could break a header", () => {
    const { headers, body } = answer(rawShape({}, [["x-request-id", "a\r\nb: c"]]));
    expect(headers.get("x-api-requestid")).toBe("7");
    expect(body.requestId).toBe("7");
  });
});

describe("P34: an unsigned caller learns nothing of grants", () => {
  test("the same answer for an API that exists, one that is not granted, and none", () => {
    const answers = ["/orders", "/refunds", "/nothing"].map((path) =>
      ask(rawShape({ path, secret: "guess" })),
    );
    expect(new Set(answers)).toEqual(new Set(["401 SignatureMismatch"]));
  });
});

describe("P8: the caller chooses further headers to sign, never what is signed of the request", () => {
  const post: Sent = {
    method: "POST",
    path: "/orders?a=1",
    body: Buffer.from("{}"),
    headers: [
      ["accept", "application/json"],
      ["content-type", "application/json"],
    ],
  };
  const without = (name: string) => post.headers?.filter(([one]) => one !== name) ?? [];
  const changed: Record<string, Sent> = {
    "the method": { ...post, method: "PUT" },
    "the path": { ...post, path: "/orders/2?a=1" },
    "the query": { ...post, path: "/orders?a=2" },
    "the body": { ...post, body: Buffer.from("[]") },
    "the Accept": { ...post, headers: [...without("accept"), ["accept", "text/html"]] },
    "the Content-Type": { ...post, headers: [...without("content-type"), ["content-type", "text/plain"]] },
  };
  const signatureOf = signedLines(post).filter(([name]) => /^(x-date|content-md5|authorization)$/.test(name));

  test('as it was signed it is allowed, with headers="x-date" alone', () => {
    expect(signatureOf.find(([name]) => name === "authorization")?.[1]).toContain('headers="x-date"');
    expect(ask(rawShape(post, [...(post.headers ?? []), ...signatureOf]))).toBe("allowed");
  });

  test.each(Object.entries(changed))("with %s changed it is refused", (_, sent) => {
    expect(ask(rawShape(sent, [...(sent.headers ?? []), ...signatureOf]))).toBe("401 SignatureMismatch");
  });
});

describe("what a mismatch reveals", () => {
  test("is the code alone, where the verifier is set so", () => {
    const { check } = checkerOver(undefined, {}, { errorDetail: "code-only" });
    const { deniedResponse } = decodeResponse(check(rawShape({ secret: "other" })));
    expect(JSON.parse(deniedResponse?.body ?? "")).toEqual({
      message: "SignatureMismatch",
      code: "SignatureMismatch",
      requestId: "7",
    });
  });

  test("is bounded, however long the request is", () => {
    const { check } = checkerOver();
    const { deniedResponse } = decodeResponse(
      check(rawShape({ path: `/orders?a=${"x".repeat(100_000)}`, secret: "other" })),
    );
    expect(deniedResponse?.body.length).toBeLessThan(5_000);
  });

  test("to the admin is the setting that would help, a few times a second, and never the secret", () => {
    const { check, outcomes } = checkerOver();
    const lines = signedLines({ path: "/orders?a=b%2Bc" });
    for (let count = 0; count < 10; count++) check(rawShape({ path: "/orders?a=b%2Bc" }, lines));
    const found = outcomes.filter((outcome) => outcome.wouldVerifyWith);
    expect(found).toHaveLength(5);
    expect(found[0]?.wouldVerifyWith).toEqual({
      application: "team-shop/mobile-app",
      form: expect.any(String),
      parameters: "Decoded",
    });
    expect(JSON.stringify(outcomes)).not.toContain("mobile-secret");
  });

  test("P33: a key under attack still verifies in the form that it uses", () => {
    const { check } = checkerOver();
    const asSent: Sent = { path: "/orders?b=%2f&a=%2F" };
    expect(verdict(check(rawShape(asSent)))).toBe("allowed");
    for (let count = 0; count < 50; count++) check(rawShape({ secret: "guess" }));
    expect(verdict(check(rawShape(asSent)))).toBe("allowed");
    expect(verdict(check(rawShape({})))).toBe("allowed");
  });
});

describe("P18: names that JavaScript's objects have by themselves", () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
  test.each(names)("%s is an ordinary name of a header, a parameter and a path", (name) => {
    const sent: Sent = {
      path: `/orders/${name}?${name}=1&${name}=2&b`,
      headers: [[name.toLowerCase(), "x"]],
    };
    expect(ask(rawShape(sent))).toBe("allowed");
    const { okResponse } = decodeResponse(checkerOver().check(rawShape(sent)));
    expect(okResponse?.headers.length).toBeGreaterThan(5);
    expect(ask(rawShape({ ...sent, path: `/orders/${name}?${name}=3` }, signedLines(sent)))).toBe(
      "401 SignatureMismatch",
    );
  });

  test.each(names)("%s is no key, unless an Application has it", (name) => {
    const lines = signedLines({}).map(
      ([header, value]) => [header, value.replace("APIDmobile", name)] as const,
    );
    expect(ask(rawShape({}, lines))).toBe("401 KeyUnknown");
  });

  test.each(names)("%s as a form parameter is signed like any other", (name) => {
    const form = (value: string): Sent => ({
      method: "POST",
      headers: [["content-type", "application/x-www-form-urlencoded"]],
      body: Buffer.from(`${name}=${value}&a=1`),
    });
    expect(ask(rawShape(form("1")))).toBe("allowed");
    expect(ask(rawShape(form("2"), signedLines(form("1"))))).toBe("401 SignatureMismatch");
  });
});

describe("a large body", () => {
  const sent: Sent = {
    method: "POST",
    headers: [["content-type", "text/plain"]],
    body: Buffer.alloc(2 ** 24, "a"),
  };
  const lines = signedLines(sent);
  const message = encodeCheck(rawShape(sent, lines), {});
  const options = { maxRequestBytes: 2 ** 24 + 1 };
  const call = (bytes: Buffer, isOver = false) => ({ message: bytes, deadline: NOW + 500, isOver });
  const verdictOf = async (checked: Checked | Promise<Checked>) => verdict((await checked).answer);

  test("P13: of 16 MiB is verified when the verifier is configured for a proxy that buffers more", async () => {
    const { decide } = checkerOver(undefined, {}, options);
    expect(await verdictOf(decide(call(message)))).toBe("allowed");
    const changed = Buffer.from(sent.body ?? "");
    changed[2 ** 23] = 0;
    const altered = encodeCheck(rawShape({ ...sent, body: changed }, lines), {});
    expect(await verdictOf(decide(call(altered)))).toBe("401 SignatureMismatch");
  });

  test("does not hold up small requests, which are answered before it", async () => {
    const { decide } = checkerOver(undefined, {}, options);
    const order: string[] = [];
    const large = Promise.resolve(decide(call(message))).then(() => order.push("large"));
    for (const name of ["first", "second", "third"]) {
      await new Promise((resolve) => setImmediate(resolve));
      expect(decide(call(encodeCheck(rawShape({}), {})))).not.toBeInstanceOf(Promise);
      order.push(name);
    }
    await large;
    expect(order).toEqual(["first", "second", "third", "large"]);
  });

  test("is decided on by what holds once it is hashed: a revocation meanwhile denies it", async () => {
    const { decide, index } = checkerOver(undefined, {}, options);
    const checked = decide(call(message));
    expect(checked).toBeInstanceOf(Promise);
    index.replace([]);
    expect(await verdictOf(checked)).toBe("401 KeyUnknown");
  });

  test("of an unknown key is not hashed, nor one that is read as a form or one whose client has gone", async () => {
    const { decide } = checkerOver(undefined, {}, options);
    const unknown = lines.map(([name, value]) => [name, value.replace("APIDmobile", "APIDother")] as const);
    expect(decide(call(encodeCheck(rawShape(sent, unknown), {})))).not.toBeInstanceOf(Promise);
    const form: Sent = { ...sent, headers: [["content-type", "application/x-www-form-urlencoded"]] };
    expect(decide(call(encodeCheck(rawShape(form), {})))).not.toBeInstanceOf(Promise);
    const gone = await decide(call(message, true));
    expect([gone.outcome.code, gone.outcome.decision]).toEqual(["NotReady", undefined]);
    const steps = { count: 0 };
    await new StepQueue().run(countdown(steps, 9), 1, () => steps.count < 3);
    expect(steps.count).toBe(3);
  });
});

test("jobs of a queue that holds too much already are done at once", async () => {
  const queue = new StepQueue();
  const [first, second] = [{ count: 0 }, { count: 0 }];
  const waiting = queue.run(countdown(first, 5), 2 ** 26, () => true);
  await queue.run(countdown(second, 5), 1, () => true);
  expect([first.count < 5, second.count]).toEqual([true, 5]);
  await waiting;
  expect(first.count).toBe(5);
});

function* countdown(steps: { count: number }, last: number): Generator<void, void> {
  while (steps.count < last) {
    steps.count += 1;
    yield;
  }
}

describe("the value of a signed header is what was sent:", () => {
  const values: Record<string, string> = {
    "with commas": "a, b,c",
    "with blanks inside": "a  b",
    "with UTF-8": Buffer.from("商店 é").toString("latin1"),
    "that is empty": "",
    "with a colon and quotes": 'a: "b"',
  };
  const shapeOf = (shape: typeof rawShape, sent: Sent) => {
    const http = shape(sent);
    const { headers } = http;
    // The map shape carries text, not bytes.
    return headers
      ? {
          ...http,
          headers: Object.fromEntries(
            Object.entries(headers).map(([name, text]) => [
              name,
              Buffer.from(text, "latin1").toString("utf8"),
            ]),
          ),
        }
      : http;
  };
  test.each(Object.entries(values))("%s", (_, value) => {
    const sent: Sent = { headers: [["x-note", value]], signed: ["x-note"] };
    for (const shape of [rawShape, mapShape]) {
      expect(ask(shapeOf(shape, sent))).toBe("allowed");
      const other = shape(
        { headers: [["x-note", `${value}x`]] },
        signedLines(sent).map(([name, text]) => (name === "x-note" ? [name, `${text}x`] : [name, text])),
      );
      expect(ask(other)).toMatch(/^40[01] (SignatureMismatch|RequestUnverifiable)$/);
    }
  });

  test("P40: and a name that is no header of the request is not signable", () => {
    const sent: Sent = { headers: [["x-note", "a"]], signed: ["x-note"] };
    const lines = signedLines(sent).filter(([name]) => name !== "x-note");
    expect(ask(rawShape(sent, lines))).toBe("401 SignedHeaderMissing");
    for (const pseudo of [":path", "request-line", "(request-target)"]) {
      const renamed = signedLines(sent).map(
        ([name, text]) =>
          [name, text.replace('headers="x-date x-note"', `headers="x-date ${pseudo}"`)] as const,
      );
      expect(ask(rawShape(sent, renamed))).toMatch(
        /^401 (SignedHeaderMissing|AuthorizationMalformed|SignatureMismatch)$/,
      );
    }
  });
});
