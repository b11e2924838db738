import { isForm } from "../contentType.ts";
import type { SignedRequest } from "../model.ts";

/** A request taken apart as the scheme sees it, once, for every variant that is tried on it. */
export interface Parts {
  readonly path: string;
  /** Text behind the first `?`; undefined without one. */
  readonly query: string | undefined;
  readonly contentType: string;
  readonly accept: string;
  /** Whether Content-Type declares the body as a form, whatever its parameters. */
  readonly isFormBody: boolean;
  /**
   * Whether the body is a form that is signed by its Content-MD5 alone, as PHP does when Content-Type has parameters: then
   * it is never read as parameters too.
   */
  readonly isFormSignedAsBody: boolean;
  /** The body as form text; "" when it is no form, or one signed as a body. */
  readonly formBody: string;
  /** Content-MD5 as sent; "" when missing or empty, which are the same (else a body could be added to a signed request). */
  readonly sentMd5: string;
  /** Bytes that Content-MD5 is about. */
  readonly body: Buffer;
}

const EMPTY = Buffer.alloc(0);

/** The body must be verifiable. */
export function takeApart(request: SignedRequest): Parts {
  const cut = request.path.indexOf("?");
  const contentType = request.headers.single("content-type") ?? "";
  const sentMd5 = request.headers.single("content-md5") ?? "";
  const isFormBody = isForm(contentType);
  const isFormSignedAsBody = isFormBody && contentType.includes(";") && sentMd5 !== "";
  const body = request.body.kind === "bytes" ? request.body.bytes : EMPTY;
  return {
    path: cut < 0 ? request.path : request.path.slice(0, cut),
    query: cut < 0 ? undefined : request.path.slice(cut + 1),
    contentType,
    accept: request.headers.single("accept") ?? "",
    isFormBody,
    isFormSignedAsBody,
    formBody: isFormBody && !isFormSignedAsBody ? body.toString("latin1") : "",
    sentMd5,
    body,
  };
}

/** The same request for a client that does not sign its body; one whose Content-MD5 was sent is signed by that all the same. */
export function withoutBody(parts: Parts): Parts {
  return { ...parts, formBody: "", body: parts.sentMd5 === "" ? EMPTY : parts.body };
}
