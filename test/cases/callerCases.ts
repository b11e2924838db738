import { gzipSync } from "node:zlib";
import type { SignedCall } from "../support/signedBytes.ts";

/** What became of a request: "200", or the status and, where the verifier answered, its code. */
type Outcome = string;

/** One caller, and its outcome behind plain Envoy as the examples set it up. `envoyGateway`: behind Envoy Gateway; default: the same. */
export interface CallerCase {
  readonly call: SignedCall;
  readonly outcome: Outcome;
  readonly envoyGateway?: Outcome;
}

/** The largest body that both gateways of the tests forward. */
export const MAX_REQUEST_BYTES = 65_536;

const JSON_TYPE = "application/json";
const FORM = "application/x-www-form-urlencoded";
const OCTETS = "application/octet-stream";
const [UNVERIFIABLE, MISMATCH] = ["400 BodyUnverifiable", "401 SignatureMismatch"];

const get = (target: string, more: Partial<SignedCall> = {}): SignedCall => ({ target, ...more });
const post = (body: Buffer | string, more: Partial<SignedCall> = {}): SignedCall => ({
  method: "POST",
  target: "/orders",
  contentType: JSON_TYPE,
  body: typeof body === "string" ? Buffer.from(body) : body,
  ...more,
});
const form = (body: string, signedTarget: string, more: Partial<SignedCall> = {}): SignedCall =>
  post(Buffer.from(body, "latin1"), { contentType: FORM, md5: "none", signedTarget, ...more });
const utf8 = (text: string) => Buffer.from(text).toString("latin1");

const algorithms = ["hmac-sha1", "hmac-sha256", "hmac-sha384", "hmac-sha512", "hmac-sm3", "HMAC-SHA256"];
const ALGORITHMS = Object.fromEntries(
  algorithms.map((algorithm) => [
    `a caller that signs with ${algorithm}`,
    { call: get("/orders", { algorithm }), outcome: "200" },
  ]),
);

const FORMS: Record<string, CallerCase> = {
  "a query as sent": { call: get("/orders?a=1&b=2"), outcome: "200" },
  "a query out of order, signed in order": {
    call: get("/orders?b=2&a=1", { signedTarget: "/orders?a=1&b=2" }),
    outcome: "200",
  },
  "a query signed decoded": {
    call: get("/orders?q=a%20%E5%95%86", { signedTarget: `/orders?q=a ${utf8("商")}` }),
    outcome: "200",
  },
  "a query with a `!`": { call: get("/orders?q=now!"), outcome: "200" },
  "an empty value that keeps its `=`": { call: get("/orders?a="), outcome: "200" },
  "an empty value as the bare name": {
    call: get("/orders?a=", { signedTarget: "/orders?a" }),
    outcome: "200",
  },
  "more signed headers": {
    call: get("/orders", { more: [["source", "app"]], listed: ["source"] }),
    outcome: "200",
  },
  "a query that was changed": {
    call: get("/orders?a=2", { signedTarget: "/orders?a=1" }),
    outcome: MISMATCH,
  },
  "no signature": { call: get("/orders", { unsigned: true }), outcome: "401 AuthorizationMissing" },
  "an old date": {
    call: get("/orders", { date: new Date(Date.now() - 3_600_000) }),
    outcome: "401 DateOutOfWindow",
  },
  "an API that is not granted": { call: get("/refunds"), outcome: "403 ApiNotGranted" },
  "an environment that is not granted": {
    call: get("/test/orders", { signedTarget: "/orders" }),
    outcome: "403 NoApiMatch",
  },
};

const BODIES: Record<string, CallerCase> = {
  "JSON in ASCII": { call: post('{"sku":7}'), outcome: "200" },
  "JSON in UTF-8": { call: post('{"name":"Zoë 商店"}'), outcome: "200" },
  "JSON with its Content-MD5 sent": { call: post('{"sku":7}', { sendsMd5: true }), outcome: "200" },
  "JSON with the MD5's bytes in base64": {
    call: post('{"sku":7}', { md5: "bytes in base64" }),
    outcome: "200",
  },
  "JSON with the MD5 in hex": { call: post('{"sku":7}', { md5: "hex" }), outcome: "200" },
  "JSON in chunks": { call: post('{"sku":7}', { chunked: true }), outcome: "200" },
  "JSON with a `!`": { call: post('{"note":"now!"}'), outcome: "200", envoyGateway: UNVERIFIABLE },
  "JSON with U+FFFD": { call: post('{"note":"\ufffd"}'), outcome: "200", envoyGateway: UNVERIFIABLE },
  "JSON in latin1": {
    call: post(Buffer.from('{"name":"Zoë"}', "latin1")),
    outcome: "200",
    envoyGateway: UNVERIFIABLE,
  },
  "bytes that are no text": {
    call: post(Buffer.from([0, 255, 254, 10, 13]), { contentType: OCTETS }),
    outcome: "200",
    envoyGateway: UNVERIFIABLE,
  },
  "bytes that are no text, in chunks": {
    call: post(Buffer.from([0, 255, 254, 10, 13]), { contentType: OCTETS, chunked: true }),
    outcome: "200",
    envoyGateway: UNVERIFIABLE,
  },
  "bytes that happen to be UTF-8": {
    call: post(Buffer.from([0, 1, 127, 10, 13]), { contentType: OCTETS }),
    outcome: "200",
  },
  gzip: {
    call: post(gzipSync('{"sku":7}'), { more: [["content-encoding", "gzip"]] }),
    outcome: "200",
    envoyGateway: UNVERIFIABLE,
  },
  "multipart in ASCII": {
    call: post('--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n', {
      contentType: "multipart/form-data; boundary=b",
    }),
    outcome: "200",
  },
  "a form": { call: form("b=2&a=1", "/orders?a=1&b=2"), outcome: "200" },
  "a form beside a query": {
    call: form("b=2", "/orders?a=1&b=2", { target: "/orders?a=1" }),
    outcome: "200",
  },
  "a form signed decoded": { call: form("q=%E5%95%86", `/orders?q=${utf8("商")}`), outcome: "200" },
  "a form in chunks": { call: form("b=2&a=1", "/orders?a=1&b=2", { chunked: true }), outcome: "200" },
  "a form with a `!`": { call: form("q=now!", "/orders?q=now!"), outcome: "200", envoyGateway: UNVERIFIABLE },
  "a form with bytes that are not UTF-8": {
    call: form("q=\xe9", "/orders?q=\xe9"),
    outcome: "200",
    envoyGateway: UNVERIFIABLE,
  },
  "an empty body": { call: post(""), outcome: "200" },
  "an empty body in chunks": { call: post("", { chunked: true }), outcome: "200" },
  "a body as long as the limit allows": { call: post("a".repeat(MAX_REQUEST_BYTES - 1)), outcome: "200" },
  "P24: a body above the limit": { call: post("a".repeat(MAX_REQUEST_BYTES + 1)), outcome: "413" },
  "P14: a body that was changed": {
    call: post('{"sku":7}', { sentBody: Buffer.from('{"sku":8}') }),
    outcome: MISMATCH,
  },
  "P14: a body where none was signed": {
    call: post("", { sentBody: Buffer.from('{"sku":8}') }),
    outcome: MISMATCH,
  },
  "P14: a form that was changed": {
    call: form("a=1", "/orders?a=1", { sentBody: Buffer.from("a=2") }),
    outcome: MISMATCH,
  },
};

const signedNote = (value: string): SignedCall =>
  get("/orders", { more: [["x-note", value]], listed: ["x-note"] });
const HEADERS: Record<string, CallerCase> = {
  "P5: two Authorization lines": {
    call: get("/orders", { twice: ["authorization"] }),
    outcome: "401 AuthorizationMalformed",
  },
  "P5: two x-date lines": {
    call: get("/orders", { twice: ["x-date"] }),
    outcome: "401 SignedHeaderRepeated",
    // Lines of one name arrive joined by a comma.
    envoyGateway: "401 DateInvalid",
  },
  "P5: two Accept lines": { call: get("/orders", { twice: ["accept"] }), outcome: MISMATCH },
  "P5: two lines of a signed header": {
    call: get("/orders", {
      more: [
        ["x-note", "1"],
        ["x-note", "1"],
      ],
      listed: ["x-note"],
    }),
    outcome: "401 SignedHeaderRepeated",
    envoyGateway: MISMATCH,
  },
  "two lines of a header that is not signed": {
    call: get("/orders", {
      more: [
        ["x-note", "1"],
        ["x-note", "2"],
      ],
    }),
    outcome: "200",
  },
  "a signed header in UTF-8": { call: signedNote(utf8("商店")), outcome: "200" },
  "P6: a signed header with bytes that are not UTF-8": {
    call: signedNote("\xff\xfe"),
    outcome: "200",
    envoyGateway: "400 RequestUnverifiable",
  },
  "P6: a signed header with a `!`": {
    call: signedNote("now!"),
    outcome: "200",
    envoyGateway: "400 RequestUnverifiable",
  },
  "a header with such bytes that is not signed": {
    call: get("/orders", { more: [["x-note", "\xff\xfe"]] }),
    outcome: "200",
  },
  "a header name with an underscore": { call: get("/orders", { more: [["x_note", "1"]] }), outcome: "400" },
  "P3: the host in capitals, with a port": {
    call: get("/orders", { host: "API.shop.example.com:8443" }),
    outcome: "200",
  },
};

const PATHS: Record<string, CallerCase> = {
  "a path with a `!`": { call: get("/orders/now!"), outcome: "200" },
  "a path with a `!` over HTTP/2": {
    call: get("/orders/now!", { http2: true }),
    outcome: "200",
    envoyGateway: "400 RequestUnverifiable",
  },
  "a path over HTTP/2": { call: get("/orders/now", { http2: true }), outcome: "200" },
  "an escape that the proxy keeps": { call: get("/orders/%e5%95%86"), outcome: "200" },
  "a needless escape, signed as sent": { call: get("/orders/%41"), outcome: MISMATCH },
  "a needless escape, signed as the proxy spells it": {
    call: get("/orders/%41", { signedTarget: "/orders/A" }),
    outcome: "200",
  },
  "P1: a double slash, signed as sent": { call: get("/orders//7"), outcome: MISMATCH },
  "P1: dot segments out of the API, signed as sent": { call: get("/orders/../refunds"), outcome: MISMATCH },
  "P1: dot segments out of the API, signed as the proxy resolves them": {
    call: get("/orders/../refunds", { signedTarget: "/refunds" }),
    outcome: "403 ApiNotGranted",
  },
  "P1: an escaped slash": { call: get("/orders%2f7"), outcome: "400" },
  "P1: an escaped backslash": { call: get("/orders%5c7"), outcome: "400" },
  "P1: an escaped dot segment": { call: get("/orders/%2e%2e/refunds"), outcome: MISMATCH },
  "P1: a parameter of a segment": { call: get("/orders;v=1"), outcome: "400 UnsafePath" },
};

/** Every kind of caller, through a gateway: signatures, bodies, headers and paths. */
export const CALLER_CASES: Readonly<Record<string, CallerCase>> = {
  ...ALGORITHMS,
  ...FORMS,
  ...BODIES,
  ...HEADERS,
  ...PATHS,
};
