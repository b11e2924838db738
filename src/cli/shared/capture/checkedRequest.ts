import type { CheckedRequest } from "../../../policy/request.ts";
import { type Body, HeaderLines } from "../../../signing/scheme.ts";
import type { HttpMessage } from "./httpMessage.ts";

/** Headers about the framing of the message, which a proxy does not forward. */
const FRAMING = /^(host|transfer-encoding|:.*)$/i;

/**
 * The request as the recommended Envoy configuration sends it to the verifier: complete, byte for byte, with the authority of HTTP/2 or Host
 * as the authority. `missingBody` is why the bytes of the body are not known; default: they are.
 */
export function checkedRequest(
  { method, target, headers, body }: HttpMessage,
  missingBody?: string,
): CheckedRequest {
  return {
    request: {
      method,
      path: target,
      authority: authorityOf(headers),
      headers: new HeaderLines(headers.filter(([name]) => !FRAMING.test(name))),
      body: missingBody === undefined ? bodyOf(body) : { kind: "unverifiable", why: missingBody },
    },
    context: {},
  };
}

/** Envoy ignores Host where a request has `:authority`, and joins repeated Host lines. */
export function authorityOf(headers: HttpMessage["headers"]): string {
  const [authority] = valuesOf(headers, ":authority");
  return authority ?? valuesOf(headers, "host").join(",");
}

/** The values of all lines with this name, which is in lower case. */
export function valuesOf(headers: HttpMessage["headers"], name: string): readonly string[] {
  return headers.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value);
}

function bodyOf(body: Buffer): Body {
  return body.length > 0 ? { kind: "bytes", bytes: body } : { kind: "none" };
}
