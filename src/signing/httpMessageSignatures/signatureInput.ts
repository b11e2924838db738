import {
  type InnerList,
  type Item,
  isInnerList,
  parseDictionary,
  serializeParameters,
} from "structured-headers";
import { decodeBase64 } from "../base64.ts";
import type { Denial, Headers, Presented } from "../model.ts";
import { isDenial } from "../model.ts";
import { type ComponentList, componentList } from "./component.ts";
import { DENIALS } from "./denials.ts";
import { type LabelledInput, plainInput } from "./plainInput.ts";

/** The signature of this scheme that a request presents. */
export interface HttpSignature extends Presented {
  readonly list: ComponentList;
  /** The value of `@signature-params`, in canonical form. */
  readonly parametersText: string;
  readonly signature: Buffer;
  /** Seconds since 1970. */
  readonly created: number | undefined;
  /** Seconds since 1970. */
  readonly expires: number | undefined;
  readonly nonce: string | undefined;
}

/** Bytes of Signature-Input or Signature; more is denied before anything is parsed. */
const MAX_BYTES = 8_192;

/** The tag of a signature that is meant for us, among several. */
const TAG = "countersign";

/**
 * The signature of a request that is meant for this verifier; undefined if it has none. A signature with another tag is
 * meant for someone else and ignored. Of the others, one with the tag `countersign` counts, or otherwise the only one without
 * a tag; several are denied.
 */
export function readSignature(headers: Headers): HttpSignature | Denial | undefined {
  const lines = headers.count("signature-input");
  if (lines === 0) return undefined;
  const value = headers.single("signature-input");
  if (value === undefined) return DENIALS.malformed("Signature-Input was sent several times: send one line");
  const input = value.length > MAX_BYTES ? undefined : (plainInput(value) ?? chosenInput(value));
  if (input === undefined)
    return DENIALS.malformed("Signature-Input is no dictionary of component lists (RFC 9421, section 4.1)");
  if (input === "none") return undefined;
  if (isDenial(input)) return input;
  return presented(input, headers);
}

/** The member that counts, of a value that the library parses; "none" if all are meant for others. */
function chosenInput(value: string): LabelledInput | Denial | "none" | undefined {
  const members = parsed(value);
  if (!members || members.size === 0) return undefined;
  const named = (tag: string | undefined) =>
    [...members].filter(([, member]) => member[1].get("tag") === tag);
  const ours = named(TAG);
  const found = ours.length > 0 ? ours : named(undefined);
  const [chosen] = found;
  if (!chosen) return "none";
  if (found.length > 1) return DENIALS.severalSignatures;
  const [label, member] = chosen;
  const list = isInnerList(member) ? componentList(member) : undefined;
  if (!list || !isInnerList(member)) return undefined;
  const [, parameters] = member;
  return { label, list, parametersText: `${list.text}${serializeParameters(parameters)}`, parameters };
}

function parsed(value: string): Map<string, Item | InnerList> | undefined {
  try {
    return parseDictionary(value);
  } catch {
    return undefined; // the denial names the grammar, which is all that a caller needs
  }
}

const MAX_NONCE = 256;

function presented(input: LabelledInput, headers: Headers): HttpSignature | Denial {
  const { list, parametersText, parameters } = input;
  const text = textsOf(parameters);
  const time = timesOf(parameters);
  if (!text || !time)
    return DENIALS.malformed(
      "A parameter of Signature-Input has a value of another type than RFC 9421 gives it",
    );
  const { keyid, alg, nonce } = text;
  if (!keyid)
    return DENIALS.incomplete(
      "The signature has no parameter keyid: send the ApiAppKey, or the id of the public key",
    );
  if (nonce !== undefined && nonce.length > MAX_NONCE)
    return DENIALS.malformed("The parameter nonce has more than 256 characters");
  const signature = signatureLabelled(input.label, headers);
  if (isDenial(signature)) return signature;
  return {
    keyId: keyid,
    algorithm: alg?.toLowerCase() ?? "",
    list,
    parametersText,
    signature,
    ...time,
    nonce,
  };
}

function textsOf(
  parameters: ReadonlyMap<string, unknown>,
): Record<"keyid" | "alg" | "nonce", string | undefined> | undefined {
  const [keyid, alg, nonce] = [parameters.get("keyid"), parameters.get("alg"), parameters.get("nonce")];
  return isTextOrMissing(keyid) && isTextOrMissing(alg) && isTextOrMissing(nonce)
    ? { keyid, alg, nonce }
    : undefined;
}

function timesOf(
  parameters: ReadonlyMap<string, unknown>,
): Record<"created" | "expires", number | undefined> | undefined {
  const [created, expires] = [parameters.get("created"), parameters.get("expires")];
  return isTimeOrMissing(created) && isTimeOrMissing(expires) ? { created, expires } : undefined;
}

function isTextOrMissing(value: unknown): value is string | undefined {
  return value === undefined || typeof value === "string";
}

function isTimeOrMissing(value: unknown): value is number | undefined {
  return value === undefined || Number.isSafeInteger(value);
}

/** The bytes of the member of Signature that has the label. */
function signatureLabelled(label: string, headers: Headers): Buffer | Denial {
  const value = headers.single("signature");
  if (value === undefined)
    return headers.count("signature") === 0
      ? DENIALS.incomplete("The request has Signature-Input without Signature")
      : DENIALS.malformed("Signature was sent several times: send one line");
  const plain = plainSignature(label, value);
  if (plain) return plain;
  const member = value.length > MAX_BYTES ? undefined : parsed(value)?.get(label)?.[0];
  if (member instanceof ArrayBuffer) return Buffer.from(member);
  return DENIALS.malformed(`Signature has no byte sequence with the label ${label}`);
}

/** Signature with this one member, which is what clients send; undefined for any other text. */
function plainSignature(label: string, value: string): Buffer | undefined {
  const start = label.length + 2;
  if (!value.startsWith(label) || !value.startsWith("=:", label.length) || !value.endsWith(":"))
    return undefined;
  return value.length > MAX_BYTES ? undefined : decodeBase64(value.slice(start, -1));
}
