import { readFileSync } from "node:fs";
import type { OpenVariant } from "../../../../src/api/vocabulary.ts";
import { signingKey } from "../../../../src/signing/algorithms.ts";
import { parseAuthorization } from "../../../../src/signing/hmacAuthorization/authorizationHeader.ts";
import { type Body, HeaderLines, isDenial, type SignedRequest } from "../../../../src/signing/scheme.ts";
import { checkHeaders } from "../../../../src/signing/tencent/verify.ts";
import { type Context, type Verified, verifyParsed } from "./support.ts";

/** A request that a published demo client or a production client sent, or one altered after signing. */
export interface Capture {
  readonly id: string;
  readonly key: string;
  readonly secret: string;
  readonly capturedAt: string;
  /** HTTP/1.1 bytes in base64. */
  readonly raw: string;
  readonly stringToSign?: string;
  readonly form?: string;
  readonly tampering?: string;
  readonly parameters: Context["parameters"];
  readonly open: readonly OpenVariant[];
  readonly expect: "allow" | "deny";
}

/** The environments of the captures; a fourth is at `/`. */
const PREFIXES = ["/release", "/test", "/prepub"];

export function readCaptures(name: "captures" | "captures-altered"): readonly Capture[] {
  return JSON.parse(readFileSync(new URL(`../../../fixtures/signing/${name}.json`, import.meta.url), "utf8"));
}

/** The request as a proxy hands it over: body without its framing, nothing normalised. */
export function parseRaw(base64: string): SignedRequest {
  const bytes = Buffer.from(base64, "base64");
  const end = bytes.indexOf("\r\n\r\n");
  const [start = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const [method = "", path = ""] = start.split(" ");
  const pairs = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, "")] as const;
  });
  const headers = new HeaderLines(pairs.filter(([name]) => !/^(host|transfer-encoding)$/i.test(name)));
  const value = (name: string) => pairs.find(([one]) => one.toLowerCase() === name)?.[1];
  const rest = bytes.subarray(end + 4);
  const body =
    value("transfer-encoding") === "chunked"
      ? dechunked(rest)
      : rest.subarray(0, Number(value("content-length") ?? 0));
  return { method, path, authority: value("host") ?? "", headers, body: bodyOf(body) };
}

function bodyOf(bytes: Buffer): Body {
  return bytes.length === 0 ? { kind: "none" } : { kind: "bytes", bytes };
}

function dechunked(framed: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = framed.indexOf("\r\n", at);
    const length = Number.parseInt(framed.subarray(at, line).toString("latin1"), 16);
    if (!(length > 0)) return Buffer.concat(chunks);
    chunks.push(framed.subarray(line + 2, line + 2 + length));
    at = line + 2 + length + 2;
  }
}

export function contextOf(capture: Capture, request: SignedRequest): Context {
  const path = request.path.split("?")[0] ?? "";
  const environmentPrefix = PREFIXES.find((prefix) => path === prefix || path.startsWith(`${prefix}/`)) ?? "";
  const { parameters, open } = capture;
  return { environmentPrefix, environmentPrefixes: PREFIXES, parameters, openVariants: open };
}

/** The checks of a decision that the scheme makes, in their order, with the clock where it was. */
export function decideCapture(capture: Capture, more: Partial<Context> = {}): Verified {
  const request = parseRaw(capture.raw);
  const presented = parseAuthorization(request.headers.single("authorization") ?? "");
  if (isDenial(presented)) return { ok: false, denial: presented };
  const signedAt = checkHeaders(request, presented, Date.parse(capture.capturedAt), 900_000);
  if (isDenial(signedAt)) return { ok: false, denial: signedAt };
  const context = { ...contextOf(capture, request), ...more };
  return verifyParsed(request, presented, signingKey(capture.secret), context);
}
