import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { lengthField, varintField } from "../../../../../../../src/verifier/wire/protobuf.ts";
import { capturedIn, verdictOn } from "../../../../../../support/captures.ts";

/** Recorded by Envoy 1.40.0: a GET, a form, and a binary body in chunks, each signed. */
const fixture = (name: string) =>
  readFileSync(new URL(`../../../../../../fixtures/captures/${name}`, import.meta.url));
const CAPTURES = ["get", "form", "binary"];

describe("requests that Envoy recorded:", () => {
  const formats: Record<string, string> = {
    "streamed, in JSON": "streamed-#.json",
    "streamed, in protobuf with lengths": "streamed-delimited-#.pb",
    "buffered, in JSON": "buffered-#.json",
    "buffered, in JSON with bodies as text": "buffered-text-#.json",
    "buffered, in protobuf": "buffered-#.pb",
    "buffered, in protobuf with lengths": "buffered-delimited-#.pb",
  };
  test.each(Object.entries(formats))("%s", (_, name) => {
    const files = CAPTURES.map((one) => fixture(`envoy-${name.replace("#", one)}`));
    const expected = [
      "Allowed",
      "Allowed",
      name.includes("text") ? expect.stringMatching(/^undecidable: the capture has \d+ of 64/) : "Allowed",
    ];
    for (const chunkBytes of [1, 100, 65_536])
      expect(files.flatMap((file) => capturedIn(file, chunkBytes).map(verdictOn))).toEqual(expected);
  });

  test("in protobuf as text are named, with the format to use", () => {
    expect(capturedIn(fixture("envoy-buffered-get.pb_text"))).toMatchObject([
      { ok: false, problem: expect.stringMatching(/use the format JSON_BODY_AS_BYTES/) },
    ]);
  });

  test("have the id of the access log, and the time at which they were received", () => {
    const [request] = capturedIn(fixture("envoy-streamed-get.json"));
    expect(request).toMatchObject({
      ok: true,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      place: { file: "file", line: 1 },
    });
    expect(request?.ok && new Date(request.time ?? 0).toISOString()).toMatch(/^2026-11-28T08:3/);
  });
});

type Header = readonly [string, string];
const segment = (trace_id: string, piece: object) =>
  `${JSON.stringify({ http_streamed_trace_segment: { trace_id, ...piece } })}\n`;
const headers = (lines: readonly Header[]) => ({
  headers: lines.map(([key, value]) => ({ key, value, raw_value: "" })),
});
const GET: readonly Header[] = [
  [":method", "GET"],
  [":path", "/orders"],
  [":authority", "api.shop.example.com"],
];
const POST: readonly Header[] = [[":method", "POST"], ...GET.slice(1), ["content-length", "4"]];
const AT: Header = ["x-countersign-received-at", "1795510800.250"];
const began = (id: string, lines: readonly Header[]) => segment(id, { request_headers: headers(lines) });
const chunk = (id: string, text: string, more = {}) =>
  segment(id, { request_body_chunk: { as_bytes: Buffer.from(text).toString("base64"), ...more } });
const replied = (id: string, status = "200") =>
  segment(id, { response_headers: headers([[":status", status]]) });
const bodies = (...files: readonly string[]) =>
  capturedIn(files).map((one) =>
    one.ok ? [one.id, one.message.body.toString(), one.gaps.body] : one.problem,
  );

describe("segments of streamed traces", () => {
  test("are joined by their ids, whatever is between them", () => {
    const text =
      began("1", POST) +
      began("2", POST) +
      chunk("2", "wx") +
      chunk("1", "ab") +
      chunk("2", "yz") +
      replied("2") +
      chunk("1", "cd") +
      replied("1");
    expect(bodies(text)).toEqual([
      ["2", "wxyz", undefined],
      ["1", "abcd", undefined],
    ]);
  });

  test("are joined over files", () => {
    expect(bodies(began("1", POST) + chunk("1", "ab"), chunk("1", "cd"), replied("1"))).toEqual([
      ["1", "abcd", undefined],
    ]);
  });

  test("may be on one line or on many, and with names in lowerCamelCase", () => {
    const text = began("1", POST) + chunk("1", "abcd") + replied("1");
    const pretty = text
      .trimEnd()
      .split("\n")
      .map((one) => JSON.stringify(JSON.parse(one), null, 1))
      .join("");
    const camel = text.replaceAll(/"[a-z_]+":/g, (key) =>
      key.replaceAll(/_([a-z])/g, (_, letter) => letter.toUpperCase()),
    );
    for (const one of [text, text.replaceAll("\n", ""), pretty, camel])
      expect(bodies(one)).toEqual([["1", "abcd", undefined]]);
  });

  test("of a request whose id Envoy uses again are another request", () => {
    expect(bodies(began("1", GET) + began("1", POST) + chunk("1", "abcd") + replied("1"))).toHaveLength(2);
  });

  const CHUNKED = POST.slice(0, 3);
  const gaps: Record<string, [string, RegExp | undefined]> = {
    "a body without Content-Length, and a response": [
      began("1", CHUNKED) + chunk("1", "ab") + replied("1"),
      undefined,
    ],
    "a GET without a body": [began("1", GET) + replied("1"), undefined],
    "an empty body": [began("1", [...CHUNKED, ["content-length", "0"]]) + replied("1"), undefined],
    "a body whose response began before its end": [
      began("1", POST) + chunk("1", "ab") + replied("1") + chunk("1", "cd"),
      undefined,
    ],
    "a body without Content-Length, and no response": [
      began("1", CHUNKED) + chunk("1", "ab"),
      /ended before Envoy had read its whole body/,
    ],
    "a body that was too long": [
      began("1", CHUNKED) + chunk("1", "ab") + replied("1", "413"),
      /ended before Envoy had read its whole body/,
    ],
    "a body of which the rest is missing": [
      began("1", POST) + chunk("1", "ab") + replied("1"),
      /has 2 of 4 bytes of its body/,
    ],
    "a body that Envoy cut": [
      began("1", POST) + chunk("1", "ab", { truncated: true }) + replied("1"),
      /recorded only 2 bytes.*raise max_buffered_rx_bytes/,
    ],
    "no body where there may have been one": [
      began("1", CHUNKED) + replied("1"),
      /may have replied before it had read one/,
    ],
  };
  test.each(Object.entries(gaps))("%s", (_, [text, gap]) => {
    expect(bodies(text)).toEqual([
      ["1", expect.any(String), gap === undefined ? undefined : expect.stringMatching(gap)],
    ]);
  });
});

describe("a request of a tap is not decidable:", () => {
  const signed: Header = [
    "authorization",
    'hmac id="APIDcaller", algorithm="hmac-sha256", headers="x-date", signature="AAAA"',
  ];
  const date: Header = ["x-date", "Tue, 24 Nov 2026 09:00:00 GMT"];
  const buffered = (lines: readonly Header[], more = {}) =>
    JSON.stringify({
      http_buffered_trace: {
        request: { ...headers(lines), headers_received_time: "2026-11-24T09:00:00.5Z", ...more },
        response: headers([[":status", "200"]]),
      },
    });
  const cases: Record<string, [string, RegExp]> = {
    "without a time": [
      began("1", GET) + replied("1"),
      /does not contain when the request was received.*envoy-config --tap/,
    ],
    "without its headers": [
      chunk("1", "ab") + replied("1"),
      /only a part of this request, without its headers/,
    ],
    "buffered, without Authorization, which a verifier removes": [buffered(GET), /at the end of the request/],
    "buffered, after a route changed the path": [
      buffered([...GET, signed, date, ["x-envoy-original-path", "/test/orders"]]),
      /rewrote path or host/,
    ],
    "buffered, with a signature that does not match": [
      buffered([...GET, signed, date]),
      /at the end of the request/,
    ],
    "whose path may have had other bytes": [
      began("1", [[":method", "GET"], [":path", "/!"], ...GET.slice(2), AT]),
      /bytes that are not UTF-8/,
    ],
    "whose host may have had other bytes": [
      began("1", [...GET.slice(0, 2), [":authority", "a!b"], AT]),
      /bytes that are not UTF-8/,
    ],
    "whose signed headers may have had other bytes": [
      began("1", [...GET, AT, signed, date, ["x-name", "caf!"]]),
      /bytes that are not UTF-8/,
    ],
    "whose body may have had other bytes": [
      began("1", [...POST, AT, signed, date]) +
        segment("1", { request_body_chunk: { as_string: "a  b" } }) +
        replied("1"),
      /recorded the body as text, in which blanks/,
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [text, reason]) => {
    const [verdict, ...more] = capturedIn(text).map(verdictOn);
    expect([verdict, more]).toEqual([expect.stringMatching(reason), []]);
    expect(verdict).toMatch(/^undecidable: (?!.*undefined)/);
  });

  test("but a denial that these bytes cannot change is certain", () => {
    expect(capturedIn(began("1", [...GET, AT, ["user-agent", "!"]]) + replied("1")).map(verdictOn)).toEqual([
      "AuthorizationMissing",
    ]);
  });
});

describe("broken taps are named with their place:", () => {
  const delimited = (bytes: Buffer) => Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const trace = Buffer.from(
    lengthField(2, varintField(1, 7) + lengthField(2, lengthField(1, lengthField(1, ":method")))),
    "latin1",
  );
  const cases: Record<string, [Buffer | string, readonly object[]]> = {
    "JSON that was cut": [
      `${began("1", GET) + replied("1")}\n{"http_streamed_trace_segment": {`,
      [
        { ok: true },
        { problem: expect.stringMatching(/^the trace ends in the middle/), place: { file: "file", line: 4 } },
      ],
    ],
    "JSON that is not JSON": [
      `${began("1", GET)}{nonsense}\n${replied("1")}`,
      [{ problem: expect.stringMatching(/^is not JSON/), place: { line: 2 } }, { ok: true }],
    ],
    "the tap of a socket": [
      '{"socket_buffered_trace": {}}',
      [{ problem: expect.stringMatching(/use Envoy's HTTP tap filter/) }],
    ],
    "protobuf that was cut": [
      delimited(trace).subarray(0, -2),
      [{ problem: expect.stringMatching(/^the last trace ends in the middle/) }],
    ],
    "protobuf with a field that is longer than its trace": [
      Buffer.concat([delimited(trace), delimited(Buffer.from([0x12, 0x09, 0x08, 0x01]))]),
      [{ problem: expect.stringMatching(/^is not a trace of Envoy/) }, { ok: false }],
    ],
    "protobuf of a wrong type": [
      Buffer.concat([delimited(trace), Buffer.from([2, 0x0f, 0x01])]),
      [{ problem: expect.stringMatching(/^is not a trace of Envoy/) }, { ok: false }],
    ],
    "a request without a path": [
      began("1", [[":method", "GET"]]) + replied("1"),
      [{ ok: false, problem: "the path is missing" }],
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [text, expected]) => {
    expect(capturedIn(text)).toMatchObject(expected);
  });
});

test("a body that Envoy cut is marked in protobuf too", () => {
  const trace = (field: string) => {
    const bytes = lengthField(2, varintField(1, 7) + field);
    return String.fromCharCode(bytes.length) + bytes;
  };
  const header = (key: string, value: string) => lengthField(1, lengthField(1, key) + lengthField(2, value));
  const request = trace(lengthField(2, header(":method", "POST") + header(":path", "/")));
  const body = trace(lengthField(3, lengthField(1, "ab") + varintField(3, 1)));
  expect(capturedIn(Buffer.from(request + body, "latin1"))).toMatchObject([
    { ok: true, id: "7", gaps: { body: expect.stringMatching(/recorded only 2 bytes/) } },
  ]);
});

test("unfinished requests beyond a limit are ended, the oldest first", () => {
  const many = Array.from({ length: 1_200 }, (_, at) => began(String(at), POST)).join("");
  const ids = capturedIn(many + chunk("1199", "abcd") + replied("1199")).map(({ id }) => Number(id));
  // Those beyond the limit, then the one that is complete, then the others at the end of the input.
  expect(ids.slice(0, 201)).toEqual([...Array(200).keys(), 1_199]);
  expect(ids).toHaveLength(1_200);
});
