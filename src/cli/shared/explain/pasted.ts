import { field, parseJson } from "../../../base/json.ts";
import { readCurl } from "../../../console/request/curl.ts";
import type { Captured } from "../capture/captured.ts";
import { requestsIn } from "../capture/requestsIn.ts";

/** The first request of a pasted text: a curl command, raw HTTP, a HAR file or one entry of it, Envoy's tap, or JSON lines. */
export async function readPasted(text: string, now: number): Promise<Captured> {
  const trimmed = text.trimStart();
  const nothing = {
    ok: false,
    place: { file: "pasted" },
    id: undefined,
    problem: "it holds no request",
  } as const;
  const bytes = bytesOf(trimmed);
  if (typeof bytes !== "string") return { ...nothing, problem: bytes.problem };
  for await (const captured of requestsIn("pasted", Buffer.from(bytes, "utf8"), now)) return captured;
  return nothing;
}

function bytesOf(text: string): string | { readonly problem: string } {
  if (/^(?:\$ +)?curl\s/.test(text)) {
    const read = readCurl(text.replace(/^\$ +/, ""));
    return read.ok ? read.bytes : { problem: read.problem };
  }
  if (!text.startsWith("{"))
    return text.includes("\n\n") || text.includes("\r\n\r\n") ? text : `${text.trimEnd()}\n\n`;
  const value = parseJson(text);
  const isEntry = field(value, "request") !== undefined && field(value, "log") === undefined;
  return isEntry && field(value, "startedDateTime") !== undefined
    ? JSON.stringify({ log: { version: "1.2", entries: [value] } })
    : text;
}
