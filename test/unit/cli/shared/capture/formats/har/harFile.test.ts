import { createHash, createHmac } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { CALLER, capturedIn, SHOP_HOST, verdictOn } from "../../../../../../support/captures.ts";

const AT = "2026-11-24T09:00:00.000Z";
const DATE = "Tue, 24 Nov 2026 09:00:00 GMT";
type Line = readonly [string, string];

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly contentType?: string;
  readonly body?: Buffer;
  readonly form?: boolean;
  readonly signed?: Readonly<Record<string, string>>;
}

/** The headers of a request that is signed as documented. */
function headersOf({
  method = "GET",
  path = "/orders",
  contentType = "",
  body,
  form,
  signed = {},
}: Sent): readonly Line[] {
  const md5 =
    body && !form ? Buffer.from(createHash("md5").update(body).digest("hex")).toString("base64") : "";
  const names = ["x-date", ...Object.keys(signed)];
  const values: Readonly<Record<string, string>> = { "x-date": DATE, ...signed };
  const target = form && body ? `${path}?${body}` : path;
  const text = [
    ...names.map((name) => `${name}: ${values[name]}`),
    method,
    "*/*",
    contentType,
    md5,
    target,
  ].join("\n");
  const signature = createHmac("sha256", CALLER.secret).update(Buffer.from(text, "latin1")).digest("base64");
  return [
    ...[
      ["Host", SHOP_HOST],
      ["Accept", "*/*"],
      ["X-Date", DATE],
    ].map(([name = "", value = ""]): Line => [name, value]),
    ...(contentType === "" ? [] : [["Content-Type", contentType] as const]),
    ...Object.entries(signed).map(
      ([name, value]): Line => [name, Buffer.from(value, "latin1").toString("utf8")],
    ),
    [
      "Authorization",
      `hmac id="${CALLER.key}", algorithm="hmac-sha256", headers="${names.join(" ")}", signature="${signature}"`,
    ],
  ];
}

interface Exported {
  readonly creator?: string | null;
  readonly request?: object;
  readonly entry?: object;
  readonly headers?: (headers: readonly Line[]) => readonly Line[];
  readonly pretty?: boolean;
}

/** The text of a HAR file with this request. */
function harOf(
  sent: Sent,
  { creator = "mitmproxy", request, entry, headers = (same) => same, pretty }: Exported = {},
): string {
  const lines = headers(headersOf(sent)).map(([name, value]) => ({ name, value }));
  const { method = "GET", path = "/orders", body } = sent;
  const entries = [
    {
      startedDateTime: AT,
      request: {
        method,
        url: `https://${SHOP_HOST}${path}`,
        headers: lines,
        bodySize: body?.length ?? 0,
        ...request,
      },
      response: { status: 200, content: { text: "{]" } },
      ...entry,
    },
  ];
  const log = { version: "1.2", ...(creator === null ? {} : { creator: { name: creator } }), entries };
  return JSON.stringify({ log }, null, pretty ? 2 : 0);
}
const verdicts = (...args: Parameters<typeof harOf>) => capturedIn(harOf(...args)).map(verdictOn);
const without = (name: string) => (headers: readonly Line[]) =>
  headers.filter(([one]) => one.toLowerCase() !== name);
const withLine =
  (...line: Line) =>
  (headers: readonly Line[]) => [...headers, line];
const postData = (content: object) => ({ request: { postData: { mimeType: "x", ...content } } });

const JSON_BODY: Sent = {
  method: "POST",
  contentType: "application/json",
  body: Buffer.from('{"sku":"caf\u00e9"}'),
};
const BINARY: Sent = {
  method: "PUT",
  contentType: "application/octet-stream",
  body: Buffer.from([0, 200, 255, 34, 10]),
};
const FORM: Sent = {
  method: "POST",
  contentType: "application/x-www-form-urlencoded",
  body: Buffer.from("a=1&b=x-y"),
  form: true,
};
const OF_BINARY = BINARY.body?.toString("base64");

describe("an entry is a request:", () => {
  const cases: Record<string, Parameters<typeof harOf>> = {
    "a GET": [{}],
    "in a pretty-printed file": [{}, { pretty: true }],
    "of HTTP/2, with pseudo headers as Chrome writes them": [
      { path: "/orders?a=1" },
      {
        creator: "WebInspector",
        headers: (lines) => [
          [":authority", SHOP_HOST],
          [":method", "GET"],
          [":path", "/orders?a=1"],
          [":scheme", "https"],
          ...without("host")(lines),
        ],
      },
    ],
    "of HTTP/2, without an authority in its headers, as mitmproxy writes it": [
      {},
      { headers: without("host") },
    ],
    "whose URL has a fragment": [{}, { request: { url: `https://${SHOP_HOST}/orders#top` } }],
    "with a JSON body": [JSON_BODY, postData({ text: JSON_BODY.body?.toString() })],
    "with a body that was decoded byte by byte, as mitmproxy does": [
      JSON_BODY,
      postData({ text: JSON_BODY.body?.toString("latin1") }),
    ],
    "with a binary body in base64": [BINARY, postData({ text: OF_BINARY, encoding: "base64" })],
    "with a binary body in base64, in a field of its own": [
      BINARY,
      postData({ text: OF_BINARY, _encoding: "base64" }),
    ],
    "with a binary body in base64, as the comment states": [
      BINARY,
      postData({ text: OF_BINARY, comment: "base64 encoded" }),
    ],
    "with a form": [FORM, postData({ text: "a=1&b=x-y", params: [{ name: "a", value: "1" }] })],
    "with the fields of a form, which can be sent in one way only": [
      FORM,
      postData({
        mimeType: FORM.contentType,
        params: [
          { name: "a", value: "1" },
          { name: "b", value: "x-y" },
        ],
      }),
    ],
    "with an empty body": [{ method: "POST" }, postData({ text: "" })],
    "with a header that was sent twice, which Chrome joins by a line feed": [
      {},
      { headers: withLine("x-a", "1\n2") },
    ],
    "with cookies": [
      {},
      { headers: withLine("Cookie", "a=b; c=d"), request: { cookies: [{ name: "a", value: "b" }] } },
    ],
    "that was redirected": [{}, { entry: { response: { status: 302, redirectURL: "/new" } } }],
  };
  test.each(Object.entries(cases))("%s", (_, args) => {
    expect(verdicts(...args)).toEqual(["Allowed"]);
  });

  test("with its own time, place and number", () => {
    const [, second] = capturedIn(
      harOf({}, { pretty: true }).replace('"entries": [', '"entries": [ {"request": 1},'),
    );
    expect(second).toMatchObject({
      ok: true,
      time: Date.parse(AT),
      id: 2,
      place: { file: "file", line: 8, entry: 2 },
    });
  });
});

describe("an entry that is denied stays denied:", () => {
  const cases: Record<string, [Parameters<typeof harOf>, string]> = {
    "without Authorization, by an exporter that leaves nothing out": [
      [{}, { headers: without("authorization") }],
      "AuthorizationMissing",
    ],
    "with a changed path": [[{}, { request: { url: `https://${SHOP_HOST}/other` } }], "SignatureMismatch"],
    "with a signed header that was sent twice, which Chrome joins by a line feed": [
      [
        {},
        {
          headers: (lines) =>
            lines.map(([name, value]): Line => [name, name === "X-Date" ? `${value}\n${value}` : value]),
        },
      ],
      "SignedHeaderRepeated",
    ],
    "with an old date": [
      [{}, { entry: { startedDateTime: "2026-11-24T11:00:00+01:00" } }],
      "DateOutOfWindow",
    ],
    "with a body that was changed, of the same size": [
      [JSON_BODY, postData({ text: '{"sku":"cafe\u0301"}'.replace("e\u0301", "\u00e8") })],
      "SignatureMismatch",
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [args, expected]) => {
    expect(verdicts(...args)).toEqual([expected]);
  });
});

describe("an entry is not decidable:", () => {
  const cases: Record<string, [Parameters<typeof harOf>, RegExp]> = {
    "without Authorization in a file of Chrome": [
      [{}, { creator: "WebInspector", headers: without("authorization") }],
      /Chrome removes it/,
    ],
    "without Authorization in a file whose creator is unknown": [
      [{}, { creator: null, headers: without("authorization") }],
      /Chrome removes it/,
    ],
    "without a signed header in a file of Chrome": [
      [{ signed: { cookie: "a=b" } }, { creator: "WebInspector", headers: without("cookie") }],
      /Chrome removes it/,
    ],
    "with a redacted Authorization": [
      [{}, { headers: (lines) => [...without("authorization")(lines), ["Authorization", "[REDACTED]"]] }],
      /was redacted/,
    ],
    "with provisional headers": [
      [{}, { creator: "WebInspector", headers: without("host") }],
      /only provisional headers/,
    ],
    "without a body": [[JSON_BODY], /the HAR has no body of it \(15 bytes were sent\)/],
    "with a body without a size, which is not ASCII": [
      [JSON_BODY, { request: { bodySize: -1, postData: { text: JSON_BODY.body?.toString() } } }],
      /neither the encoding nor the size/,
    ],
    "with a shortened body": [
      [JSON_BODY, postData({ text: '{"sk' })],
      /another body than was sent \(15 bytes/,
    ],
    "with a binary body that was decoded as UTF-8": [
      [BINARY, postData({ text: BINARY.body?.toString() })],
      /replacement characters/,
    ],
    "with a decompressed body": [
      [
        JSON_BODY,
        { ...postData({ text: JSON_BODY.body?.toString() }), headers: withLine("Content-Encoding", "gzip") },
      ],
      /was compressed/,
    ],
    "with the fields of a form, which can be sent in several ways": [
      [FORM, postData({ mimeType: FORM.contentType, params: [{ name: "a", value: "1 2" }] })],
      /the fields of its form/,
    ],
    "with the fields of a form that was longer, because more of it was encoded": [
      [
        { ...FORM, body: Buffer.from("%61=1") },
        postData({ mimeType: FORM.contentType, params: [{ name: "a", value: "1" }] }),
      ],
      /the fields of its form/,
    ],
    "with a file of several parts, of which only the text is there": [
      [
        { method: "POST", contentType: "multipart/form-data; boundary=x", body: Buffer.alloc(900) },
        postData({ text: "--x\r\n" }),
      ],
      /another body than was sent/,
    ],
    "with a decoded URL": [
      [{}, { request: { url: `https://${SHOP_HOST}/caf\u00e9` } }],
      /text that is not ASCII/,
    ],
    "with a signed header that is not ASCII, and does not match": [
      [{ signed: { "x-name": "caf\xe9" } }, {}],
      /text that is not ASCII/,
    ],
    "without a zone in its time": [
      [{}, { entry: { startedDateTime: "2026-11-24T09:00:00" } }],
      /not a time with a zone/,
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [args, reason]) => {
    expect(verdicts(...args)).toEqual([expect.stringMatching(reason)]);
    expect(verdicts(...args)[0]).toMatch(/^undecidable: /);
  });

  test("but a denial that does not depend on what is missing is certain", () => {
    const unknownKey = (lines: readonly Line[]) =>
      lines.map(([name, value]): Line => [name, value.replace(CALLER.key, "APIDother")]);
    expect(verdicts(JSON_BODY, { headers: unknownKey })).toEqual(["KeyUnknown"]);
  });
});

describe("an entry that is no request of the network is skipped:", () => {
  const cases: Record<string, Exported> = {
    "from the cache of Chrome": { entry: { _fromCache: "disk" } },
    "a data URL": { request: { url: "data:text/plain,x" } },
    "of an extension": { request: { url: "chrome-extension://abc/x.js" } },
  };
  test.each(Object.entries(cases))("%s", (_, exported) => {
    expect(verdicts({}, exported)).toEqual([]);
  });
});

describe("broken files are named with their place:", () => {
  const HAR = harOf({}, { pretty: true });
  const cases: Record<string, [string, readonly object[]]> = {
    "cut in an entry": [
      HAR.slice(0, HAR.indexOf('"response"')),
      [
        {
          problem: "the HAR ends in the middle; it may have been truncated",
          place: { file: "file", line: 8, entry: 1 },
        },
      ],
    ],
    "cut behind an entry": [
      HAR.slice(0, HAR.lastIndexOf("]")),
      [
        { ok: true },
        {
          problem: "the HAR ends in the middle; it may have been truncated",
          place: { file: "file", line: 7 },
        },
      ],
    ],
    "an entry that is not JSON": [
      HAR.replace('"method": "GET"', '"method": GET'),
      [{ problem: expect.stringMatching(/^is not JSON/), place: { file: "file", line: 8, entry: 1 } }],
    ],
    "a request that is no object": [
      HAR.replace(/"request": \{/, '"request": 1, "was": {'),
      [{ problem: "request: it must be an object" }],
    ],
    "headers of the wrong type": [
      HAR.replace('"headers": [', '"headers": [ 7,'),
      [{ problem: "request.headers[0]: it must have a name and a value, as text" }],
    ],
    "a header with a control character": [
      HAR.replace('"*/*"', '"a\\rb"'),
      [{ problem: expect.stringMatching(/^request.headers\[1\]: the value of "Accept"/) }],
    ],
    "a URL without a scheme": [
      HAR.replace("https://", "//"),
      [{ problem: expect.stringMatching(/^request.url: it must begin with http/) }],
    ],
    "a method with a blank": [
      HAR.replace('"GET"', '"G T"'),
      [{ problem: "request: the method is not a token" }],
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [text, expected]) => {
    expect(capturedIn(text, 11)).toMatchObject(expected);
  });
});

test("a response is never looked at, whatever its size and its bytes", () => {
  const text = harOf({}).replace('"{]"', `"\xff${"y".repeat(1_000_000)}"`);
  expect(capturedIn(Buffer.from(text, "latin1"), 4_096).map(verdictOn)).toEqual(["Allowed"]);
});
