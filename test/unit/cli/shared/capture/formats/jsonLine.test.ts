import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readCapture } from "../../../../../../src/cli/shared/capture/formats/jsonLine.ts";

const TIME = "2026-11-24T09:00:00Z";
const GET = "GET /orders?a=1 HTTP/1.1\r\nHost: a.example.com\r\n\r\n";
const raw = (text: string) => ({ time: TIME, raw: Buffer.from(text, "latin1").toString("base64") });
const parts = (change: object = {}) => ({
  ...{ time: TIME, method: "GET", target: "/orders?a=1", headers: [["Host", "a.example.com"]] },
  ...change,
});
const read = (value: unknown) => readCapture(typeof value === "string" ? value : JSON.stringify(value));

describe("a line is a request:", () => {
  const cases: Record<string, [unknown, object]> = {
    "as bytes": [raw(GET), { method: "GET", target: "/orders?a=1" }],
    "as bytes in absolute form": [
      raw(GET.replace("/orders", "http://a.example.com/orders")),
      { target: "/orders?a=1" },
    ],
    "in parts": [parts(), { method: "GET", target: "/orders?a=1" }],
    "in parts, in absolute form": [parts({ target: "https://a.example.com" }), { target: "/" }],
    "in parts, with a pseudo header": [parts({ headers: [[":authority", "a"]] }), { method: "GET" }],
    "with bytes in its path that are not ASCII": [
      raw(GET.replace("orders", "\xe5")),
      { target: "/\xe5?a=1" },
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [value, message]) => {
    expect(read(value)).toMatchObject({ ok: true, time: Date.parse(TIME), message });
  });
});

describe("a line is rejected:", () => {
  const cases: Record<string, [unknown, RegExp]> = {
    "cut off": [JSON.stringify(parts()).slice(0, 40), /^is not JSON; it may have been truncated$/],
    "JSON, but no object": ["[1]", /^is not a JSON object$/],
    null: ["null", /^is not a JSON object$/],
    "an id that is an object": [parts({ id: {} }), /^id must be text or a number$/],
    "a time without a zone": [parts({ time: "2026-11-24T09:00:00" }), /^time must be a time with a zone/],
    "no time": [parts({ time: undefined }), /^time must be a time/],
    "bytes that are not base64": [{ time: TIME, raw: "é" }, /^raw is not base64$/],
    "the first bytes of TLS": [raw("\x16\x03\x01\x02\x00\x01"), /^raw: the empty line after the headers/],
    "a request line with a blank in the path": [
      raw(GET.replace("/orders", "/a b")),
      /^raw: the first line is not METHOD PATH HTTP\/1\.1 \(the path contains a space\): "GET \/a b\?a=1 HTTP\/1\.1"$/,
    ],
    "a request line without a path": [raw("GET HTTP/1.1\r\n\r\n"), /\(the path is missing\)/],
    "a request line of HTTP/0.9": [raw("GET /\r\n\r\n"), /\(it does not end with HTTP\/1\.1\)/],
    "a request line of HTTP/2": [raw("PRI * HTTP/2.0\r\n\r\n"), /\(it does not end with HTTP\/1\.1\)/],
    "a method that is not a token": [raw("G{T / HTTP/1.1\r\n\r\n"), /\(the method is not a token\)/],
    "a control character in the path, shown as an escape": [
      raw("GET /\x1b[2J HTTP/1.1\r\n\r\n"),
      /\(the path contains a control character\): "GET \/\\u001b\[2J/,
    ],
    "a header line without a name": [
      raw("GET / HTTP/1.1\r\nnothing\r\n\r\n"),
      /a header line has no name: "nothing"/,
    ],
    "a body that was cut off": [
      raw("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf"),
      /the body has 4 bytes, fewer than the 9/,
    ],
    "parts without a method": [parts({ method: undefined }), /needs "raw", or "method"/],
    "a blank in the path of parts": [parts({ target: "/a b" }), /^the path contains a space$/],
    "a line end in the path of parts": [
      parts({ target: "/a\nb" }),
      /^the path contains a control character$/,
    ],
    "a method of parts that is not a token": [parts({ method: "GET /" }), /^the method is not a token$/],
    "headers of parts that are an object": [parts({ headers: { host: "a" } }), /^headers must be a list/],
    "a header of parts with a line end": [
      parts({ headers: [["a", "b\r\nc: d"]] }),
      /^headers contain an invalid one: "a"/,
    ],
    "a header of parts without a name": [
      parts({ headers: [["", "b"]] }),
      /^headers contain an invalid one: ""/,
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [value, problem]) => {
    expect(read(value)).toEqual({ ok: false, id: undefined, problem: expect.stringMatching(problem) });
  });

  test("with the id that it has", () => {
    expect(read({ id: "scan", raw: "" })).toMatchObject({ ok: false, id: "scan" });
  });
});

test("any text is a request or none, never an exception", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      expect(typeof readCapture(text).ok).toBe("boolean");
    }),
    { numRuns: 1_000 },
  );
});
