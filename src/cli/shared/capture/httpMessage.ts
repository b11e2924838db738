import { quoted } from "./printable.ts";

/** A request as it went over the wire. All text is byte strings. */
export interface HttpMessage {
  readonly method: string;
  /** Path and query; for a target in absolute form without scheme and host. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Without its framing. */
  readonly body: Buffer;
}

export type ParsedMessage =
  | { readonly ok: true; readonly message: HttpMessage }
  | { readonly ok: false; readonly problem: string };

const VERSION = / HTTP\/1\.[01]$/;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Reads the bytes of one HTTP/1.1 request; lines may end in LF alone, as an editor leaves them. Total on any bytes. */
export function parseHttpMessage(bytes: Buffer): ParsedMessage {
  const end = headEnd(bytes);
  if (!end) return problem("the empty line after the headers is missing");
  const [start = "", ...lines] = bytes.toString("latin1", 0, end.at).split(/\r?\n/);
  const { method, target } = requestLine(start);
  const wrong = VERSION.test(start) ? requestLineProblem(method, target) : "it does not end with HTTP/1.1";
  if (wrong !== undefined)
    return problem(`the first line is not METHOD PATH HTTP/1.1 (${wrong}): ${quoted(start)}`);
  const headers: (readonly [string, string])[] = [];
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 1) return problem(`a header line has no name: ${quoted(line)}`);
    headers.push([line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, "")]);
  }
  const body = bodyOf(bytes.subarray(end.at + end.length), headers);
  if (typeof body === "string") return problem(body);
  return { ok: true, message: { method, target: originForm(target), headers, body } };
}

/**
 * Why a method and target (byte strings) are not valid in a request line; undefined if they are. Envoy replies 400 to an
 * invalid request line, so it never reaches a verifier.
 */
export function requestLineProblem(method: string, target: string): string | undefined {
  if (!TOKEN.test(method)) return "the method is not a token";
  if (target === "") return "the path is missing";
  if (/[ \t]/.test(target)) return "the path contains a space";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this finds control characters
  return /[\0-\x1f\x7f]/.test(target) ? "the path contains a control character" : undefined;
}

/** Path and query of a target that may be in absolute form. */
export function originForm(target: string): string {
  const path = /^https?:\/\/[^/?]*(.*)$/i.exec(target)?.[1];
  return path === undefined ? target : path || "/";
}

/** The target is everything between the method and the version, even if it contains spaces. */
function requestLine(line: string): { readonly method: string; readonly target: string } {
  const [method = "", ...rest] = line.replace(VERSION, "").split(" ");
  return { method, target: rest.join(" ") };
}

function problem(text: string): ParsedMessage {
  return { ok: false, problem: text };
}

function headEnd(bytes: Buffer): { readonly at: number; readonly length: number } | undefined {
  const [crlf, lf] = [bytes.indexOf("\r\n\r\n"), bytes.indexOf("\n\n")];
  if (crlf >= 0 && (lf < 0 || crlf < lf)) return { at: crlf, length: 4 };
  return lf >= 0 ? { at: lf, length: 2 } : undefined;
}

function bodyOf(rest: Buffer, headers: HttpMessage["headers"]): Buffer | string {
  const all = (name: string) =>
    headers.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value);
  if (/\bchunked$/i.test(all("transfer-encoding").join(","))) return dechunked(rest);
  const lengths = new Set(all("content-length"));
  if (lengths.size > 1) return "there are two different Content-Length headers";
  const [length] = lengths;
  // What follows a request without framing is not its body: to a server it is the next request.
  if (length === undefined) return rest.subarray(0, 0);
  if (!/^\d{1,10}$/.test(length)) return "Content-Length is not a number";
  if (rest.length < Number(length))
    return `the body has ${rest.length} bytes, fewer than the ${length} of Content-Length`;
  return rest.subarray(0, Number(length));
}

function dechunked(framed: Buffer): Buffer | string {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = framed.indexOf("\n", at);
    const size = /^([0-9a-fA-F]{1,8})[ \t]*(;.*)?$/.exec(
      framed.toString("latin1", at, Math.max(at, line)).trimEnd(),
    )?.[1];
    if (line < 0 || size === undefined) return "the chunked body ends before its last chunk";
    const length = Number.parseInt(size, 16);
    if (length === 0) return Buffer.concat(chunks);
    if (line + 1 + length > framed.length) return "the chunked body ends in the middle of a chunk";
    chunks.push(framed.subarray(line + 1, line + 1 + length));
    const next = framed.indexOf("\n", line + 1 + length);
    if (next < 0) return "the chunked body ends before its last chunk";
    at = next + 1;
  }
}
