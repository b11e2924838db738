import { isRecord } from "../../../../../base/json.ts";
import type { HttpMessage } from "../../httpMessage.ts";
import { quoted } from "../../printable.ts";
import { bytes } from "../jsonLine.ts";

/** The header lines of a HAR request; why they are not valid. Chrome joins the lines of a repeated header by line feeds. */
export function harHeaders(value: unknown): HttpMessage["headers"] | string {
  if (!Array.isArray(value)) return "request.headers: it must be a list";
  const lines: (readonly [string, string])[] = [];
  for (const [index, one] of value.entries()) {
    const at = `request.headers[${index}]`;
    if (!isRecord(one) || typeof one.name !== "string" || typeof one.value !== "string")
      return `${at}: it must have a name and a value, as text`;
    const name = bytes(one.name);
    if (!/^:?[^\s:\0]+$/.test(name)) return `${at}: the name is not valid: ${quoted(name)}`;
    if (/[\r\0]/.test(one.value)) return `${at}: the value of ${quoted(name)} contains a control character`;
    for (const line of one.value.split("\n")) lines.push([name, bytes(line)]);
  }
  return lines;
}
