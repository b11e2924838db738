import { OPEN_VARIANTS } from "../../../src/api/vocabulary.ts";
import {
  HeaderLines,
  isDenial,
  type SignatureInput,
  type SignedRequest,
  type SigningScheme,
  signingKey,
} from "../../../src/signing/scheme.ts";
import { NOW, type Whole } from "./randomRequests.ts";
import { meaning, PREFIXES } from "./tencent/meaning.ts";

const SECRET = "s3cr3t-s3cr3t-s3cr3t";
const KEY = signingKey(SECRET);
const PAIR = { keyId: "k", secret: SECRET, algorithm: "hmac-sha256" };

/** The settings of an Application that sets none, and of one that opens whatever can be opened. */
export const STRICT = { parameters: "Auto", openVariants: [] };
export const WIDE_OPEN = { parameters: "Either", openVariants: OPEN_VARIANTS };

/** The signature in the last header that a scheme adds: base64 of 32 bytes, whatever stands around it. */
const MAC = /[A-Za-z0-9+/]{43}=(?=:?"?$)/;

/** A request as it presents a signature of one scheme. The signature can be any text: an untrusted client writes these headers itself. */
export class PresentedRequest {
  readonly whole: Whole;
  readonly scheme: SigningScheme;
  /** The signature of the caller who has the key, in base64. */
  readonly mac: string;
  readonly #lines: readonly (readonly [string, string])[];
  readonly #last: readonly [string, string];

  constructor(whole: Whole, scheme: SigningScheme) {
    this.whole = whole;
    this.scheme = scheme;
    const { headers } = scheme.sign(toSign(whole), PAIR, new Date(whole.at), whole.covered);
    const [name, value] = headers.at(-1) ?? ["", ""];
    const [mac] = MAC.exec(value) ?? [];
    if (mac === undefined) throw new Error(`${scheme.name}: ${value} has no signature`);
    this.mac = mac;
    this.#lines = [...ownLines(whole), ...headers.slice(0, -1)];
    this.#last = [name, value.replace(MAC, "MAC")];
  }

  /** Whether a verifier that gets the request with this signature instead accepts it. */
  isAcceptedWith(mac: string, settings: unknown): boolean {
    const input = this.#inputWith(mac, settings);
    return input !== undefined && !isDenial(this.scheme.verify(input));
  }

  /** Every string to sign whose signature is accepted with the request. */
  acceptedStrings(settings: unknown): readonly string[] {
    const input = this.#inputWith(NO_MAC, settings);
    if (!input) return [];
    const denied = this.scheme.verify(input);
    if (!isDenial(denied)) throw new Error(`${this.scheme.name} accepts a signature of zeros`);
    if (denied.code !== "SignatureMismatch") return [];
    return [...this.scheme.diagnose.candidates(input)].map(({ stringToSign }) => stringToSign);
  }

  /** What an upstream may tell apart of the request, as far as the scheme signs it: requests of one meaning may share a string to sign. */
  meaning(): string {
    const { scheme, whole } = this;
    const values = whole.covered.map((name) => [name, coveredValue(whole, name)]).sort();
    return JSON.stringify([values, MEANINGS[scheme.name]?.(whole)]);
  }

  #inputWith(mac: string, settings: unknown): SignatureInput<never, unknown> | undefined {
    const [name, value] = this.#last;
    const { whole, scheme } = this;
    const request = requestOf(whole, [...this.#lines, [name, value.replace("MAC", () => mac)]]);
    const presented = scheme.read(request);
    if (presented === undefined || isDenial(presented)) return undefined;
    if (isDenial(scheme.check(request, presented, NOW, 900_000))) return undefined;
    const place = { environmentPrefix: prefixOf(whole.path), environmentPrefixes: PREFIXES };
    return { request, presented: presented as never, key: KEY, place, settings };
  }
}

const NO_MAC = Buffer.alloc(32).toString("base64");

/** What each scheme signs beside the covered headers. A scheme that is not here is known to sign those alone. */
const MEANINGS: Readonly<Record<string, (whole: Whole) => unknown>> = {
  Tencent: ({ at, method, accept, ...rest }) => [at, method, accept, target(rest)],
  AlibabaCA: ({ at, method, accept, date = "", ...rest }) => [
    ...[at, method, accept, date, prefixOf(rest.path)],
    target(rest),
  ],
  HTTPMessageSignatures: ({ at, method, authority, path, query, contentType, body }) => [
    ...[at, method, authority, path, query, contentType, body],
  ],
};

function target({ path, query, body, contentType = "" }: Omit<Whole, "at" | "method" | "accept" | "date">) {
  return meaning({ path, query, body, contentType }, "Auto");
}

function coveredValue(whole: Whole, name: string): string {
  if (name === "host") return whole.authority;
  if (name === "x-mark") return whole.mark;
  return name === "x-note" ? whole.note : whole.accept;
}

function prefixOf(path: string): string {
  return PREFIXES.find((one) => path === one || path.startsWith(`${one}/`)) ?? "";
}

function ownLines({ accept, contentType, date, mark, note }: Whole): (readonly [string, string])[] {
  return [
    ["accept", accept],
    ["x-mark", mark],
    ["x-note", note],
    ...(contentType === undefined ? [] : [["content-type", contentType] as const]),
    ...(date === undefined ? [] : [["date", date] as const]),
  ];
}

function targetOf({ path, query }: Whole): string {
  return query === undefined ? path : `${path}?${query}`;
}

function toSign(whole: Whole) {
  const { method, authority, body } = whole;
  const environmentPrefix = prefixOf(whole.path);
  const bytes = Buffer.from(body, "latin1");
  return {
    method,
    authority,
    path: targetOf(whole),
    headers: ownLines(whole),
    environmentPrefix,
    body: bytes,
  };
}

function requestOf(whole: Whole, lines: readonly (readonly [string, string])[]): SignedRequest {
  const { method, authority } = whole;
  const bytes = Buffer.from(whole.body, "latin1");
  const body = bytes.length > 0 ? ({ kind: "bytes", bytes } as const) : ({ kind: "none" } as const);
  return { method, authority, path: targetOf(whole), headers: new HeaderLines(lines), body };
}
