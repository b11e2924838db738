import type { Denial, Voice } from "../model.ts";

/** How denials are worded for callers of the vendor's schemes. */
export const VOICE: Voice = { challenge: "hmac", headers: () => [], body: errorBody };

/** JSON in UTF-8 whatever bytes the message quotes, with `/` as `\/`, as the vendor writes it. */
function errorBody({ message, code }: Pick<Denial, "message" | "code">, requestId: string): string {
  const text = Buffer.from(message, "latin1").toString("utf8");
  return JSON.stringify({ message: text, code, requestId }).replaceAll("/", "\\/");
}
