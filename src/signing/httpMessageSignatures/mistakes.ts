import { verify } from "node:crypto";
import { decodeBase64 } from "../base64.ts";
import { HmacKey } from "../hmacKey.ts";
import type { VerificationKey } from "../model.ts";
import { percentDecoded } from "../percentDecoded.ts";
import { isSignatureOver } from "./signatureAlgorithms.ts";
import { pathOf, queryOf, signatureBase } from "./signatureBase.ts";
import { variantsFor } from "./variants.ts";
import type { HttpSignatureInput } from "./verify.ts";

/**
 * What the caller of a signature that does not match probably did, each as a sentence with the remedy: mistakes of clients and
 * libraries that explain the very signature.
 */
export function mistakes(input: HttpSignatureInput): readonly string[] {
  const { request, presented, key } = input;
  const bases = variantsFor(request, presented.list.components).map((one) =>
    signatureBase(request, presented, one),
  );
  const isOver = (base: string, by = key) => isSignatureOver(base, presented.signature, by);
  return [
    ...otherBases(input)
      .filter(({ change }) => bases.some((base) => isOver(change(base))))
      .map(({ hint }) => hint),
    ...otherKeys(key)
      .filter((other) => bases.some((base) => isOver(base, other.key)))
      .map(({ hint }) => hint),
    ...(bases.some((base) => isInAsn1(base, presented.signature, key)) ? [ASN1] : []),
  ];
}

const ASN1 =
  "The ECDSA signature is in ASN.1 (DER), as crypto libraries return it by default: send the two numbers r and s as 32 bytes each, one behind the other";

/** A wrong way to write the base, and the hint for it. */
interface OtherBase {
  readonly change: (base: string) => string;
  readonly hint: string;
}

function otherBases({ request: { path } }: HttpSignatureInput): readonly OtherBase[] {
  const [own, query] = [pathOf(path), queryOf(path)];
  const decoded = percentDecoded(own) ?? own;
  const line = (name: string, from: string, to: string) => (base: string) =>
    base.replace(`"${name}": ${from}\n`, () => `"${name}": ${to}\n`);
  return [
    {
      change: (base) => `${base}\n`,
      hint: "The caller signed a line feed behind the last line of the signature base: remove it",
    },
    {
      change: line("@query", query, query.slice(1)),
      hint: 'The caller signed "@query" without its ?: it begins with ?, also where there is no query',
    },
    {
      change: line("@path", own, path),
      hint: 'The caller signed the query as part of "@path": sign "@path" without it',
    },
    {
      change: (base) =>
        line(
          "@request-target",
          path,
          path.replace(own, () => decoded),
        )(line("@path", own, decoded)(base)),
      hint: 'The caller signed the path with its escapes decoded: sign it as it is sent. Some libraries decode it for "@request-target": sign "@path" and "@query" instead',
    },
  ];
}

/** The secret as other bytes than the UTF-8 of its text. */
function otherKeys(
  key: VerificationKey,
): readonly { readonly key: VerificationKey; readonly hint: string }[] {
  if (!(key instanceof HmacKey)) return [];
  const text = key.reveal().toString("utf8");
  const [bytes, hex] = [
    decodeBase64(text),
    /^(?:[0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, "hex") : undefined,
  ];
  const found = (other: Buffer, form: string) => ({
    key: HmacKey.of(other),
    hint: `The caller decoded the ApiAppSecret as ${form}: the key is the secret's text as it is`,
  });
  return [...(bytes ? [found(bytes, "base64")] : []), ...(hex ? [found(hex, "hex")] : [])];
}

function isInAsn1(base: string, signature: Buffer, key: VerificationKey): boolean {
  if (key instanceof HmacKey) return false;
  return key.asymmetricKeyType === "ec" && verify("sha256", Buffer.from(base, "latin1"), key, signature);
}
