import { isRecord, parseJson } from "../../../../base/json.ts";
import { type HttpMessage, originForm, parseHttpMessage, requestLineProblem } from "../httpMessage.ts";
import { quoted } from "../printable.ts";
import { timeOfText } from "./readTime.ts";

type Id = string | number | undefined;

export type Capture =
  | {
      readonly ok: true;
      readonly id: Id;
      /** Epoch milliseconds. */
      readonly time: number;
      readonly message: HttpMessage;
    }
  /** `id` is set if the line has one. */
  | { readonly ok: false; readonly id: Id; readonly problem: string };

/** Reads one line of captured traffic. Total on any text. */
export function readCapture(line: string): Capture {
  const value = parseJson(line);
  if (value === undefined)
    return { ok: false, id: undefined, problem: "is not JSON; it may have been truncated" };
  if (!isRecord(value)) return { ok: false, id: undefined, problem: "is not a JSON object" };
  if (value.id !== undefined && typeof value.id !== "string" && typeof value.id !== "number")
    return { ok: false, id: undefined, problem: "id must be text or a number" };
  const { id } = value;
  const time = timeOf(value.time);
  if (time === undefined)
    return { ok: false, id, problem: 'time must be a time with a zone, such as "2026-11-24T09:00:00Z"' };
  const read = typeof value.raw === "string" ? fromBytes(value.raw) : fromParts(value);
  return typeof read === "string" ? { ok: false, id, problem: read } : { ok: true, id, time, message: read };
}

/** RFC 3339 text, or epoch seconds or milliseconds. */
function timeOf(value: unknown): number | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return value < 1e11 ? value * 1_000 : value;
  return timeOfText(value);
}

function fromBytes(base64: string): HttpMessage | string {
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(base64)) return "raw is not base64";
  const read = parseHttpMessage(Buffer.from(base64, "base64"));
  return read.ok ? read.message : `raw: ${read.problem}`;
}

function fromParts({
  method,
  target,
  headers,
  body = "",
}: Readonly<Record<string, unknown>>): HttpMessage | string {
  if (typeof method !== "string" || typeof target !== "string")
    return 'needs "raw", or "method", "target" and "headers"';
  if (!Array.isArray(headers) || !headers.every(isHeader))
    return 'headers must be a list of ["name", "value"]';
  if (typeof body !== "string") return "body must be text";
  const lines = headers.map(([name, value]) => [bytes(name), bytes(value)] as const);
  const broken = lines.find(([name, value]) => !/^:?[^\s:\0]+$/.test(name) || /[\r\n\0]/.test(value));
  if (broken) return `headers contain an invalid one: ${quoted(broken[0])}`;
  const problem = requestLineProblem(bytes(method), bytes(target));
  if (problem !== undefined) return problem;
  return {
    method: bytes(method),
    target: originForm(bytes(target)),
    headers: lines,
    body: Buffer.from(body, "utf8"),
  };
}

/** A text as the byte string of its UTF-8. */
export function bytes(text: string): string {
  return isAscii(text) ? text : Buffer.from(text, "utf8").toString("latin1");
}

/** Whether every character is one byte in every encoding. */
export function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

function isHeader(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === "string");
}
