import { Denial } from "./model.ts";

/** A header, or the request as a whole, arrived in a way that leaves open what it was. */
export function requestUnverifiable(what: string): Denial {
  return new Denial(400, "RequestUnverifiable", `The request cannot be verified: ${what}`);
}

/** The body did not arrive whole and byte for byte. */
export function bodyUnverifiable(why: string): Denial {
  return new Denial(400, "BodyUnverifiable", `The body cannot be verified: ${why}`);
}
