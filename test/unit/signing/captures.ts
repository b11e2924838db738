import { readFileSync } from "node:fs";
import type { OpenVariant } from "../../../src/api/vocabulary.ts";
import { signingKey } from "../../../src/signing/algorithms.ts";
import { parseAuthorization } from "../../../src/signing/authorization.ts";
import { isInWindow } from "../../../src/signing/date.ts";
import { FAILURES } from "../../../src/signing/failures.ts";
import { type Body, HeaderBlock, type SignedRequest } from "../../../src/signing/request.ts";
import type { SigningContext } from "../../../src/signing/signingContext.ts";
import {
  checkSignedHeaders,
  signedDate,
  type Verified,
  verifySignature,
} from "../../../src/signing/verify.ts";

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
  readonly parameters: SigningContext["parameters"];
  readonly open: readonly OpenVariant[];
  readonly expect: "allow" | "deny";
}

/** The environments of the captures; a fourth is at `/`. */
const PREFIXES = ["/release", "/test", "/prepub"];

export function readCaptures(name: "captures" | "captures-altered"): readonly Capture[] {
  return JSON.parse(readFileSync(new URL(`../../fixtures/signing/${name}.json`, import.meta.url), "utf8"));
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
  const headers = HeaderBlock.of(pairs.filter(([name]) => !/^(host|transfer-encoding)$/i.test(name)));
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

export function contextOf(capture: Capture, request: SignedRequest): SigningContext {
  const path = request.path.split("?")[0] ?? "";
  const environmentPrefix = PREFIXES.find((prefix) => path === prefix || path.startsWith(`${prefix}/`)) ?? "";
  const { parameters, open } = capture;
  return { environmentPrefix, environmentPrefixes: PREFIXES, parameters, openVariants: open };
}

/** The checks of a decision that this folder knows, in their order, with the clock where it was. */
export function decideCapture(capture: Capture, more: Partial<SigningContext> = {}): Verified {
  const request = parseRaw(capture.raw);
  const parsed = parseAuthorization(request.headers.single("authorization") ?? "");
  if (!parsed.ok) return parsed;
  const now = Date.parse(capture.capturedAt);
  const date = signedDate(request, parsed.authorization);
  const isInTime = date !== undefined && isInWindow(date, now, 900_000);
  const failure =
    checkSignedHeaders(request, parsed.authorization) ?? (isInTime ? undefined : FAILURES.dateOutOfWindow);
  if (failure) return { ok: false, failure };
  const context = { ...contextOf(capture, request), ...more };
  return verifySignature(request, parsed.authorization, signingKey(capture.secret), context);
}
