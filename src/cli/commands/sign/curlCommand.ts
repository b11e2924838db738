import type { RequestToSign } from "../../../signing/scheme.ts";

/** A curl command that a person can paste into a shell; a body that is no text goes through base64. */
export function curlCommand(url: string, { method, headers, body }: RequestToSign): string {
  const parts = ["curl", "-i"];
  if (method !== "GET" || body) parts.push("-X", method);
  for (const [name, value] of headers) parts.push("-H", quoted(`${name}: ${Buffer.from(value, "latin1")}`));
  const text = body?.toString("utf8");
  const isText = body !== undefined && text !== undefined && isPlain(text) && Buffer.from(text).equals(body);
  if (isText) parts.push("--data-raw", quoted(text));
  else if (body) parts.push("--data-binary", "@-");
  parts.push(quoted(url));
  const command = parts.join(" ");
  return body && !isText ? `printf %s ${body.toString("base64")} | base64 -d | ${command}` : command;
}

/** What a shell and a terminal carry as it is. */
function isPlain(text: string): boolean {
  return [...text].every((one) => one >= " " || one === "\n" || one === "\t");
}

function quoted(text: string): string {
  return /^[A-Za-z0-9_./:=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
