import type { CheckedRequest } from "../../../policy/request.ts";
import { HeaderLines } from "../../../signing/scheme.ts";
import type { HttpMessage } from "./httpMessage.ts";

/** Headers that say how the message is framed: a proxy does not hand them on. */
const FRAMING = /^(host|transfer-encoding|:.*)$/i;

/** The request as the recommended Envoy hands it to the verifier: whole, byte for byte, with Host as the authority. */
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
