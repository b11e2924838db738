import { connect } from "node:http2";
import type { Credentials } from "./caller.ts";
import { sendRaw } from "./rawHttp.ts";
import { requestBytes, type SignedCall, signedLines } from "./signedBytes.ts";
import type { Upstream } from "./upstream.ts";

/**
 * Sends the request to a gateway and returns "200", or the status with the verifier's code where it was the verifier that
 * refused. Fails when a request that was refused reached the upstream, or one that passed did not.
 */
export async function outcomeOf(
  port: number,
  call: SignedCall,
  behind: { readonly credentials: Credentials; readonly upstream: Upstream },
): Promise<string> {
  const before = behind.upstream.seen.length;
  const { status, body } = call.http2
    ? await sendHttp2(port, call, behind.credentials)
    : await sendRaw(port, requestBytes(call, behind.credentials));
  const reached = behind.upstream.seen.length - before;
  if (reached !== (status === 200 ? 1 : 0))
    throw new Error(`answered ${status}, but reached the upstream ${reached} times`);
  const code = status === 200 ? undefined : /"code":"(\w+)"/.exec(body)?.[1];
  return code === undefined ? String(status) : `${status} ${code}`;
}

function sendHttp2(port: number, call: SignedCall, credentials: Credentials) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const session = connect(`http://127.0.0.1:${port}`);
    session.on("error", reject);
    const sent = session.request({
      ":method": call.method ?? "GET",
      ":path": call.target,
      ":authority": call.host ?? "api.shop.example.com",
      ...Object.fromEntries(signedLines(call, credentials)),
    });
    let [status, body] = [0, ""];
    sent.on("response", (headers) => {
      status = Number(headers[":status"]);
    });
    sent.setEncoding("utf8");
    sent.on("data", (text: string) => {
      body += text;
    });
    sent.on("error", reject);
    sent.on("end", () => session.close(() => resolve({ status, body })));
    sent.end(call.sentBody ?? call.body);
  });
}
