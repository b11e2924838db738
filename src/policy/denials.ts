import { Denial } from "../signing/scheme.ts";

/** Most of what a caller sent that an error quotes, in bytes; longer text ends in `…`. */
const QUOTED_BYTES = 4_096;

/** Denials that do not depend on how a request is signed, in the vendor's words where it has some. */
export const DENIALS = {
  unsafePath: new Denial(400, "UnsafePath", "The path can be understood in more than one way"),
  costlyPath: new Denial(
    400,
    "UnsafePath",
    "The path takes too many steps to compare with the granted paths: send a shorter one",
  ),
  apiNotGranted: new Denial(403, "ApiNotGranted", "HMAC apikey is invalid for API"),
  applicationSuspended: new Denial(403, "ApplicationSuspended", "HMAC apikey is invalid for API"),
  applicationExpired: new Denial(403, "ApplicationExpired", "HMAC apikey is invalid for API"),
  noApplicationBound: new Denial(403, "NoApplicationBound", "Found no validate apiapp"),
  contextMismatch: new Denial(
    403,
    "ContextMismatch",
    "The API that the proxy names is not the one that host and path name",
  ),
} as const;

export function noApiMatch(path: string, host: string): Denial {
  return new Denial(403, "NoApiMatch", `There is no api match uri[${quoted(path)}] host [${quoted(host)}]`);
}

function quoted(text: string): string {
  return text.length > QUOTED_BYTES ? `${text.slice(0, QUOTED_BYTES)}\xe2\x80\xa6` : text;
}
