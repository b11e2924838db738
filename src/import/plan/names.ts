import { createHash } from "node:crypto";

/** Names of objects have at most this many characters. */
const MAX_NAME = 63;
/** The eight characters behind the prefix of an id such as `app-e9uvw53e`, the first eight of one in hex, a number as it is. */
const ID = /^(?:[a-z]+-([a-z0-9]{8})|([0-9a-f]{8})[0-9a-f]{24}|(\d{4,19}))$/;

/** Lower-case letters, digits and `-` of a text, at most `max` characters; "" where it has none. */
export function slug(text: string, max: number = MAX_NAME): string {
  const plain = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^-/, "");
  return plain.slice(0, max).replace(/-$/, "");
}

/** What makes a name unique and keeps it stable: the vendor's own id, never a counter, so that a new object renames no old one. */
export function idSuffix(id: string): string {
  const [, ...parts] = ID.exec(id) ?? [];
  return parts.find((one) => one !== undefined) ?? digest(id);
}

/** `mobile-app-e9uvw53e`: the text as far as a name can hold it, and the id. */
export function nameOf(text: string, id: string, fallback: string, max: number = MAX_NAME): string {
  const suffix = idSuffix(id);
  return `${slug(text, max - suffix.length - 1) || fallback}-${suffix}`;
}

/** A host as the name of an ApiDomain, which may have dots; a longer one ends with a digest. */
export function domainName(host: string): string {
  if (host.length <= MAX_NAME) return host;
  return `${host.slice(0, MAX_NAME - 9).replace(/[.-]+$/, "")}-${digest(host)}`;
}

/** The first `max` characters (code points) of a text, with `…` as the last one where it is longer. */
export function shortened(text: string, max: number): string {
  const characters = [...text];
  return characters.length <= max ? text : `${characters.slice(0, max - 1).join("")}…`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
