import type { CheckedRequest } from "../../../policy/request.ts";
import { HeaderLines } from "../../../signing/scheme.ts";
import type { HttpMessage } from "./httpMessage.ts";

/** Headers about the framing of the message, which a proxy does not forward. */
const FRAMING = /^(host|transfer-encoding|:.*)$/i;

/** The request as the recommended Envoy configuration sends it to the verifier: complete, byte for byte, with Host as the authority. */
export function checkedRequest({ method, target, headers, body }: HttpMessage): CheckedRequest {
  const hosts = headers.filter(([name]) => name.toLowerCase() === "host").map(([, value]) => value);
  return {
    request: {
      method,
      path: target,
      authority: hosts.join(","),
      headers: new HeaderLines(headers.filter(([name]) => !FRAMING.test(name))),
      body: body.length > 0 ? { kind: "bytes", bytes: body } : { kind: "none" },
    },
    context: {},
  };
}
