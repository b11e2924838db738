import type { ParameterSetting } from "../../../../src/api/vocabulary.ts";
import { percentDecoded } from "../../../../src/signing/percentDecoded.ts";
import { requestOf, stringsOf } from "./support.ts";

/** A request as far as forms differ in it. */
export interface Shape {
  readonly path: string;
  /** Undefined without a `?`. */
  readonly query: string | undefined;
  readonly body: string;
  readonly contentType: string;
  /** A true Content-MD5 header, in one of its spellings. */
  readonly md5?: string;
}

export const FORM = "application/x-www-form-urlencoded";
export const PREFIXES = ["/r", "/t"];

/** Every string to sign under which the request is accepted. */
export function acceptedStrings(shape: Shape, parameters: ParameterSetting): readonly string[] {
  const { path, query, body, contentType, md5 } = shape;
  const request = requestOf({
    method: "POST",
    path: query === undefined ? path : `${path}?${query}`,
    headers: [
      ["x-date", "d"],
      ["content-type", contentType],
      ...(md5 === undefined ? [] : [["content-md5", md5] as const]),
    ],
    body,
  });
  if (contentType.startsWith(FORM) && path.includes("&")) return [];
  const environmentPrefix = PREFIXES.find((one) => path === one || path.startsWith(`${one}/`)) ?? "";
  const context = { environmentPrefix, environmentPrefixes: PREFIXES, parameters };
  return stringsOf(request, context).map(({ stringToSign }) => stringToSign);
}

/**
 * What an upstream can understand of a request, as text: two requests of one meaning may share a string to sign, two of
 * different meanings never. Written without the code under test: it states what the scheme itself leaves open.
 *
 * - the environment's prefix: the grant decides on it
 * - order of parameters, query or form, `a` or `a=`, an item without name and value
 * - a blank as `+` or `%20`, needless and lower-case escapes (but not where text as sent is signed)
 * - where both readings are accepted without a guard: what is escaped twice, and `+` and `%2B`
 */
export function meaning(shape: Shape, parameters: ParameterSetting): string {
  const isForm = shape.contentType.startsWith(FORM);
  const items = [...(shape.query ?? "").split("&"), ...(isForm ? shape.body.split("&") : [])];
  const read = { AsSent: (text: string) => text, Auto: formDecoded, Decoded: formDecoded, Either: fully };
  const pairs = items.map((item) => {
    const equals = item.indexOf("=");
    const [name, value] = equals < 0 ? [item, ""] : [item.slice(0, equals), item.slice(equals + 1)];
    return JSON.stringify([name, value].map(read[parameters]));
  });
  const named = pairs.filter((pair) => pair !== '["",""]').sort();
  return [plainPath(shape.path), ...named, isForm ? "" : shape.body, shape.contentType].join("\n");
}

function plainPath(path: string): string {
  const prefix = PREFIXES.find((one) => path === one || path.startsWith(`${one}/`)) ?? "";
  const rest = path.slice(prefix.length) || "/";
  return rest.replace(/%([0-9A-Fa-f]{2})/g, (escaped) => {
    const byte = percentDecoded(escaped) ?? "";
    const isNeeded = byte < " " || byte === "\x7f" || "/?%#&;\\".includes(byte);
    return isNeeded ? escaped.toUpperCase() : byte;
  });
}

function formDecoded(text: string): string {
  return text
    .replaceAll("+", " ")
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function fully(text: string): string {
  const once = formDecoded(text);
  return once === text ? text : fully(once);
}

/** Requests of different meanings that share an accepted string. */
export class Collisions {
  readonly found: string[] = [];
  readonly #meanings = new Map<string, { readonly meaning: string; readonly shape: Shape }>();
  readonly #parameters: ParameterSetting;

  constructor(parameters: ParameterSetting) {
    this.#parameters = parameters;
  }

  add(shape: Shape): void {
    const mine = meaning(shape, this.#parameters);
    for (const text of acceptedStrings(shape, this.#parameters)) {
      const other = this.#meanings.get(text);
      if (!other) this.#meanings.set(text, { meaning: mine, shape });
      else if (other.meaning !== mine)
        this.found.push(`${JSON.stringify(other.shape)} and ${JSON.stringify(shape)} share ${text}`);
    }
  }

  get strings(): Iterable<string> {
    return this.#meanings.keys();
  }

  get size(): number {
    return this.#meanings.size;
  }
}

/** All texts of at most so many tokens. */
export function* texts(tokens: readonly string[], most: number): Generator<string> {
  yield "";
  if (most === 0) return;
  for (const token of tokens) for (const rest of texts(tokens, most - 1)) yield token + rest;
}
