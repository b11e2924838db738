import { createHash, createHmac } from "node:crypto";
import type { Credentials } from "./caller.ts";

/** A request as some caller writes it on the wire; all text is byte strings (latin1), so that any byte can be sent. */
export interface SignedCall {
  readonly method?: string;
  /** Path and query on the wire. */
  readonly target: string;
  /** What the caller signs in their place. */
  readonly signedTarget?: string;
  readonly algorithm?: string;
  readonly host?: string;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: Buffer;
  /** The body that is sent instead of the one that was signed. */
  readonly sentBody?: Buffer;
  readonly chunked?: boolean;
  /** How the body's MD5 is written into the signed string; "none" for forms. */
  readonly md5?: "hex in base64" | "bytes in base64" | "hex" | "none";
  /** Whether the caller also sends it as Content-MD5. */
  readonly sendsMd5?: boolean;
  /** Lines beside the caller's usual ones. */
  readonly more?: readonly (readonly [name: string, value: string])[];
  /** Names of them to sign, in this order behind x-date. */
  readonly listed?: readonly string[];
  /** The usual lines to send twice. */
  readonly twice?: readonly string[];
  readonly date?: Date;
  /** Over HTTP/2, with prior knowledge, instead of HTTP/1.1. */
  readonly http2?: boolean;
  /** No Authorization at all. */
  readonly unsigned?: boolean;
}

type Lines = readonly (readonly [name: string, value: string])[];

const DEFAULT_HOST = "api.shop.example.com";

/** The lines that the caller sends, without Host and framing; written apart from the product's own signing. */
export function signedLines(call: SignedCall, { key, secret }: Credentials): Lines {
  const { algorithm = "hmac-sha256", method = "GET", accept = "application/json", contentType = "" } = call;
  const date = (call.date ?? new Date()).toUTCString();
  const listed = ["x-date", ...(call.listed ?? [])];
  const md5 = md5Text(call);
  const values = new Map([["x-date", date], ...(call.more ?? [])]);
  const text = [
    ...listed.map((name) => `${name}: ${values.get(name)}`),
    ...[method, accept, contentType, md5, call.signedTarget ?? call.target],
  ].join("\n");
  const hash = algorithm.toLowerCase().replace("hmac-", "");
  const signature = createHmac(hash, secret).update(Buffer.from(text, "latin1")).digest("base64");
  const authorization = `hmac id="${key}", algorithm="${algorithm}", headers="${listed.join(" ")}", signature="${signature}"`;
  const usual: Lines = [
    ["accept", accept],
    ["x-date", date],
    ...(contentType === "" ? [] : [["content-type", contentType] as const]),
    ...(md5 !== "" && call.sendsMd5 ? [["content-md5", md5] as const] : []),
    ...(call.unsigned ? [] : [["authorization", authorization] as const]),
  ];
  const again = usual.filter(([name]) => call.twice?.includes(name));
  return [...usual, ...again, ...(call.more ?? [])];
}

function md5Text({ body, md5 = "hex in base64" }: SignedCall): string {
  if (body === undefined || body.length === 0 || md5 === "none") return "";
  const digest = createHash("md5").update(body);
  if (md5 === "bytes in base64") return digest.digest("base64");
  const hex = digest.digest("hex");
  return md5 === "hex" ? hex : Buffer.from(hex).toString("base64");
}

/** The whole HTTP/1.1 request, which asks for the connection to be closed. */
export function requestBytes(call: SignedCall, credentials: Credentials): Buffer {
  const body = call.sentBody ?? call.body;
  const lines: Lines = [
    ["host", call.host ?? DEFAULT_HOST],
    ...signedLines(call, credentials),
    ...framing(call, body),
    ["connection", "close"],
  ];
  const head = [
    `${call.method ?? "GET"} ${call.target} HTTP/1.1`,
    ...lines.map(([name, value]) => `${name}: ${value}`),
  ].join("\r\n");
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, "latin1"), ...payload(call, body)]);
}

function framing({ chunked }: SignedCall, body: Buffer | undefined): Lines {
  if (chunked) return [["transfer-encoding", "chunked"]];
  return body === undefined ? [] : [["content-length", String(body.length)]];
}

/** A chunked body goes in two chunks, where it has two bytes. */
function payload({ chunked }: SignedCall, body: Buffer = Buffer.alloc(0)): readonly Buffer[] {
  if (!chunked) return [body];
  const half = Math.ceil(body.length / 2);
  const chunks = [body.subarray(0, half), body.subarray(half)].filter((part) => part.length > 0);
  return [
    ...chunks.flatMap((part) => [Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")]),
    Buffer.from("0\r\n\r\n"),
  ];
}
