import { md5Of } from "../bodyMd5.ts";
import { isForm } from "../contentType.ts";
import type { SignedRequest } from "../model.ts";
import type { Credentials } from "./credentials.ts";

/** A request taken apart as the scheme sees it, once, for every variant that is tried on it. */
export interface Parts {
  readonly method: string;
  readonly path: string;
  /** Text behind the first `?`; "" without one. */
  readonly query: string;
  readonly accept: string;
  readonly contentType: string;
  readonly date: string;
  /** Content-MD5 as sent; "" when missing or empty. */
  readonly sentMd5: string;
  /** Whether Content-Type declares the body as a form, whose parameters are signed with those of the query. */
  readonly isFormBody: boolean;
  /** The body as form text; "" when it is no form. */
  readonly form: string;
  readonly body: Buffer;
  /** A line for each signed header, sorted by name, each with its line feed. */
  readonly headerLines: string;
  /** The same lines in the order of the list; undefined where that changes nothing. */
  readonly listedLines: string | undefined;
}

const EMPTY = Buffer.alloc(0);

/** The body must be verifiable, and every listed header must have been sent once. */
export function takeApart(request: SignedRequest, credentials: Credentials): Parts {
  const { method, path, headers } = request;
  const cut = path.indexOf("?");
  const contentType = headers.single("content-type") ?? "";
  const isFormBody = isForm(contentType);
  const body = request.body.kind === "bytes" ? request.body.bytes : EMPTY;
  const { sorted } = credentials.signedHeaders;
  return {
    method,
    path: cut < 0 ? path : path.slice(0, cut),
    query: cut < 0 ? "" : path.slice(cut + 1),
    accept: headers.single("accept") ?? "",
    contentType,
    date: headers.single("date") ?? "",
    sentMd5: headers.single("content-md5") ?? "",
    isFormBody,
    form: isFormBody ? body.toString("latin1") : "",
    body,
    headerLines: headerLines(request, sorted ?? credentials.signedHeaders),
    listedLines: sorted && headerLines(request, credentials.signedHeaders),
  };
}

function headerLines(
  request: SignedRequest,
  { listed, names }: Pick<Credentials["signedHeaders"], "listed" | "names">,
): string {
  let lines = "";
  for (let at = 0; at < listed.length; at += 1)
    lines += `${listed[at]}:${signedValue(request, names[at] ?? "") ?? ""}\n`;
  return lines;
}

/** A signed `host` is the authority as received: the proxy hands it over under that name alone. */
export function signedValue(request: SignedRequest, name: string): string | undefined {
  return name === "host" ? request.authority : request.headers.single(name);
}

/**
 * The Content-MD5 field of a variant that signs the body: as sent, if that is true; for a body that is no form, the digest
 * itself also where the caller did not send it. Undefined if what was sent is false.
 */
export function md5Field({ sentMd5, isFormBody, body }: Parts): string | undefined {
  if (sentMd5 !== "") return sentMd5 === md5Of(body)[1] ? sentMd5 : undefined;
  return isFormBody || body.length === 0 ? "" : md5Of(body)[1];
}

/** Whether the request has a body that only BodyNotSigned admits if its Content-MD5 was not signed. */
export function mayLeaveBody({ sentMd5, isFormBody, body }: Parts): boolean {
  return sentMd5 === "" && !isFormBody && body.length > 0;
}

/** The string to sign around a Content-MD5 field and a target. */
export function join(
  { method, accept, contentType, date, headerLines }: Parts,
  md5: string,
  target: string,
  lines = headerLines,
) {
  return `${method}\n${accept}\n${md5}\n${contentType}\n${date}\n${lines}${target}`;
}
