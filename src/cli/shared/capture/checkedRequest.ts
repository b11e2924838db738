import type { CheckedRequest } from "../../../policy/facts.ts";
import { HeaderBlock } from "../../../signing/request.ts";
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
      headers: HeaderBlock.of(headers.filter(([name]) => !FRAMING.test(name))),
      body: body.length > 0 ? { kind: "bytes", bytes: body } : { kind: "none" },
    },
    context: new Map(),
  };
}
