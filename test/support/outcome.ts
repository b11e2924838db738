import type { Credentials } from "./caller.ts";
import { sendRaw } from "./rawHttp.ts";
import { requestBytes, type SignedCall } from "./signedBytes.ts";
import type { Upstream } from "./upstream.ts";

/**
 * Sends the request to a gateway and answers "200", or the status with the verifier's code where it was the verifier that
 * refused. Fails when a request that was refused reached the upstream, or one that passed did not.
 */
export async function outcomeOf(
  port: number,
  call: SignedCall,
  behind: { readonly credentials: Credentials; readonly upstream: Upstream },
): Promise<string> {
  const before = behind.upstream.seen.length;
  const { status, body } = await sendRaw(port, requestBytes(call, behind.credentials));
  const reached = behind.upstream.seen.length - before;
  if (reached !== (status === 200 ? 1 : 0))
    throw new Error(`answered ${status}, but reached the upstream ${reached} times`);
  const code = status === 200 ? undefined : /"code":"(\w+)"/.exec(body)?.[1];
  return code === undefined ? String(status) : `${status} ${code}`;
}
