import type { RequestToSign } from "../../../signing/scheme.ts";
import { CliFailure, USAGE } from "../../shared/failure.ts";
import { readBytes } from "../../shared/readInput.ts";

export interface RequestFlags {
  readonly request?: string;
  readonly header?: readonly string[];
  readonly data?: string;
  readonly form?: readonly string[];
}

const FORM = "application/x-www-form-urlencoded";

/** The request that the flags describe, with text as the bytes that will be sent. */
export async function readRequest(url: string, flags: RequestFlags): Promise<RequestToSign> {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  if (!target || !/^https?:$/.test(target.protocol) || target.username !== "")
    throw new CliFailure("the URL must begin with http:// or https:// and hold no user", USAGE);
  if (flags.data !== undefined && flags.form !== undefined)
    throw new CliFailure("--data and --form exclude each other", USAGE);
  const body = flags.form ? Buffer.from(formOf(flags.form)) : await bodyOf(flags.data);
  const headers = (flags.header ?? []).map(headerOf);
  const has = (name: string) => headers.some(([one]) => one.toLowerCase() === name);
  // curl sends these anyway, and the signature covers them.
  if (!has("accept")) headers.unshift(["Accept", "*/*"]);
  if (body && !has("content-type")) headers.push(["Content-Type", FORM]);
  return {
    method: flags.request ?? (body ? "POST" : "GET"),
    path: `${target.pathname}${target.search}`,
    authority: target.host,
    headers,
    ...(body ? { body } : {}),
  };
}

function headerOf(text: string): readonly [string, string] {
  const match = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\r\n\0]*)$/.exec(text);
  if (!match)
    throw new CliFailure(`a header is written as "Name: value", not ${JSON.stringify(text)}`, USAGE);
  const [, name = "", value = ""] = match;
  return [name, Buffer.from(value.trimEnd(), "utf8").toString("latin1")];
}

async function bodyOf(data: string | undefined): Promise<Buffer | undefined> {
  if (data === undefined) return undefined;
  return data.startsWith("@") ? await readBytes(data.slice(1)) : Buffer.from(data, "utf8");
}

function formOf(fields: readonly string[]): string {
  const form = new URLSearchParams();
  for (const field of fields) {
    const cut = field.indexOf("=");
    if (cut < 1)
      throw new CliFailure(`a form field is written as name=value, not ${JSON.stringify(field)}`, USAGE);
    form.append(field.slice(0, cut), field.slice(cut + 1));
  }
  return form.toString();
}
