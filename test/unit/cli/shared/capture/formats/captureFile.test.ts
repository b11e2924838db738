import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { recognise } from "../../../../../../src/cli/shared/capture/formats/recognise.ts";
import { CALLER, capturedIn, SHOP_HOST, verdictOn } from "../../../../../support/captures.ts";

const fixture = (name: string) =>
  readFileSync(new URL(`../../../../../fixtures/captures/${name}`, import.meta.url));

describe("the format of a file is recognised by its content:", () => {
  const cases: Record<string, [Buffer | string, string]> = {
    HAR: ['{"log": {"version": "1.2", "entries": []}}', "har"],
    "HAR behind a byte order mark and blanks": ['\ufeff \r\n{\n "log": {"entries": []}}', "har"],
    "HAR with a comment before the log": ['{"comment": "x", "log": {"entries": []}}', "har"],
    "a buffered trace": [fixture("envoy-buffered-get.json"), "tap"],
    "a streamed trace": [fixture("envoy-streamed-get.json"), "tap"],
    "a trace in lowerCamelCase": ['{"httpStreamedTraceSegment": {}}', "tap"],
    "a trace in protobuf": [fixture("envoy-buffered-get.pb"), "tapProto"],
    "traces in protobuf with lengths": [fixture("envoy-buffered-delimited-get.pb"), "tapProtoDelimited"],
    "segments in protobuf with lengths": [fixture("envoy-streamed-delimited-get.pb"), "tapProtoDelimited"],
    "JSON lines": ['{"time": 1, "raw": ""}\n', "lines"],
    "JSON lines whose first line was cut": ['{"ti\n{"time": 1}\n', "lines"],
    "JSON lines whose first line is not JSON": ["oops\n", "lines"],
    "an empty file": ["", "lines"],
  };
  test.each(Object.entries(cases))("%s", (_, [content, kind]) => {
    expect(recognise(Buffer.from(content as Buffer), true)).toEqual({ kind });
  });

  const foreign: Record<string, [Buffer | string, RegExp]> = {
    gzip: [gzipSync("{}"), /compressed with gzip: decompress it/],
    ZIP: ["PK\u0003\u0004xxxxxxxx", /is a ZIP archive/],
    packets: [Buffer.from("d4c3b2a1020004000000000000000000", "hex"), /is a capture of packets/],
    "UTF-16": [Buffer.from('\ufeff{"log": {}}', "utf16le"), /is UTF-16: save it as UTF-8/],
    "another binary file": [Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), /is not a capture/],
    "a trace in protobuf as text": [
      fixture("envoy-buffered-get.pb_text"),
      /use the format JSON_BODY_AS_BYTES/,
    ],
  };
  test.each(Object.entries(foreign))(
    "%s is no capture, and what to do is stated",
    (_, [content, problem]) => {
      const found = capturedIn(content, 5);
      expect(found).toEqual([
        { ok: false, place: { file: "file" }, id: undefined, problem: expect.stringMatching(problem) },
      ]);
    },
  );

  test("more bytes are needed only as long as they can matter", () => {
    const needs = (text: string) => recognise(Buffer.from(text.padEnd(64)), false) === undefined;
    expect(['{"time": "2026-11-24', '{"id": 1, "raw": "'].map(needs)).toEqual([false, false]);
    expect(["", "{", '{"lo', '{\n "comment": "x",'].map(needs)).toEqual([true, true, true, true]);
    expect(needs(`{"x": "${"y".repeat(70_000)}`)).toBe(false);
  });
});

test("files of several formats are read in one call, in their order", () => {
  const line = JSON.stringify({ time: "2026-11-24T09:00:00Z", method: "GET", target: "/", headers: [] });
  const found = capturedIn([line, fixture("envoy-streamed-get.json"), '{"log": {"entries": []}}', line]);
  expect(found.map(({ place }) => place.file)).toEqual(["file-1", "file-2", "file-4"]);
});

test("any bytes are read without an exception", () => {
  const starts = [
    "",
    '{"log":{"entries":[',
    '{"http_buffered_trace":{"request":',
    "\x0a\x10\x0a\x05",
    "\x10\x12\x08",
    "{",
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...starts),
      fc.uint8Array({ maxLength: 60 }),
      fc.integer({ min: 1, max: 30 }),
      (start, bytes, size) => {
        const content = Buffer.concat([Buffer.from(start, "latin1"), bytes]);
        for (const captured of capturedIn(content, size)) expect(typeof verdictOn(captured)).toBe("string");
      },
    ),
    { numRuns: 500 },
  );
});

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
  /** What goes wrong on the way, or nothing. */
  readonly fault: string;
}
const AT = Date.parse("2026-11-24T09:00:00Z");

/** The header lines of the request, signed as documented, with its fault. */
function signed({ method, path, contentType, body, fault }: Sent): readonly (readonly [string, string])[] {
  const date = new Date(fault === "date" ? 0 : AT).toUTCString();
  const md5 =
    body.length === 0 ? "" : Buffer.from(createHash("md5").update(body).digest("hex")).toString("base64");
  const target = fault === "path" ? `${path}x` : path;
  const text = [`x-date: ${date}`, method, "*/*", contentType, md5, target].join("\n");
  const signature = createHmac("sha256", CALLER.secret).update(text).digest("base64");
  const key = fault === "key" ? "APIDother" : CALLER.key;
  return [
    ["accept", "*/*"],
    ["x-date", date],
    ...(contentType === "" ? [] : [["content-type", contentType] as const]),
    ...(body.length === 0 ? [] : [["content-length", String(body.length)] as const]),
    ...(fault === "unsigned"
      ? []
      : [
          [
            "authorization",
            `hmac id="${key}", algorithm="hmac-sha256", headers="x-date", signature="${signature}"`,
          ] as const,
        ]),
    ...(fault === "twice" ? [["x-date", date] as const] : []),
  ];
}

const asLine = (sent: Sent) => {
  const { method, path, body } = sent;
  const lines = [["host", SHOP_HOST] as const, ...signed(sent)].map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const raw = Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`), body]);
  return JSON.stringify({ time: AT, raw: raw.toString("base64") });
};
const asHar = (sent: Sent) => {
  const { method, path, contentType, body } = sent;
  const headers = [["host", SHOP_HOST] as const, ...signed(sent)].map(([name, value]) => ({ name, value }));
  const postData = { mimeType: contentType, text: body.toString("base64"), encoding: "base64" };
  const request = {
    method,
    url: `https://${SHOP_HOST}${path}`,
    headers,
    bodySize: body.length,
    ...(body.length > 0 ? { postData } : {}),
  };
  return JSON.stringify({
    log: {
      creator: { name: "x" },
      entries: [{ startedDateTime: new Date(AT).toISOString(), request, response: {} }],
    },
  });
};
const asTap = (sent: Sent) => {
  const { method, path, body } = sent;
  const pseudo = [
    [":method", method],
    [":path", path],
    [":authority", SHOP_HOST],
    ["x-countersign-received-at", String(AT / 1_000)],
  ] as const;
  const headers = [...pseudo, ...signed(sent)].map(([key, value]) => ({ key, value }));
  const pieces = [
    { request_headers: { headers } },
    ...(body.length > 0 ? [{ request_body_chunk: { as_bytes: body.toString("base64") } }] : []),
    { response_headers: { headers: [{ key: ":status", value: "200" }] } },
  ];
  return pieces
    .map((piece) => JSON.stringify({ http_streamed_trace_segment: { trace_id: "1", ...piece } }, null, 1))
    .join("");
};

test("a request as HAR, as a tap and as a JSON line has the same verdict", () => {
  const withBody = fc.record({
    method: fc.constantFrom("POST", "PUT"),
    contentType: fc.constantFrom("application/json", "application/octet-stream"),
    body: fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  });
  const withoutBody = fc.record({
    method: fc.constantFrom("GET", "DELETE"),
    contentType: fc.constant(""),
    body: fc.constant(Buffer.alloc(0)),
  });
  const common = fc.record({
    path: fc.constantFrom("/orders", "/orders?a=1&b=2", "/a%20b", "/", "/a//b"),
    fault: fc.constantFrom("", "", "path", "date", "key", "unsigned", "twice"),
  });
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.oneof(withBody, withoutBody), common, (one, two) => {
      const sent: Sent = { ...one, ...two };
      const [line = "", ...others] = [asLine, asHar, asTap].map((write) =>
        capturedIn(write(sent)).map(verdictOn).join(),
      );
      seen.add(line);
      expect(others).toEqual([line, line]);
      expect(line).not.toMatch(/undecidable|unreadable/);
    }),
    { numRuns: 500 },
  );
  for (const code of [
    "Allowed",
    "SignatureMismatch",
    "KeyUnknown",
    "AuthorizationMissing",
    "DateOutOfWindow",
  ])
    expect(seen).toContain(code);
});
