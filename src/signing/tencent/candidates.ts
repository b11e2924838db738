import { md5Of } from "../bodyMd5.ts";
import type { Authorization } from "../hmacAuthorization/authorizationHeader.ts";
import { HEADER_ORDERS, type HeaderOrder, headerLines } from "../hmacAuthorization/signedHeaders.ts";
import type { Candidate, SignedRequest } from "../model.ts";
import { documentedText } from "../parameters/sortedText.ts";
import type { CanonicalizationInput } from "./canonicalizationInput.ts";
import { md5Fields } from "./contentMd5.ts";
import { PARAMETER_STYLES } from "./parameterStyles.ts";
import type { Parts } from "./parts.ts";
import { Tried } from "./tried.ts";
import { type TargetVariant, type TencentVariant, targetsInOrder, writeTarget } from "./variants.ts";

/** However many ways a request could be read, no more strings than these are tried. */
export const MAX_CANDIDATES = 128;
/** Of the strings behind the second no more bytes than these are written and hashed. */
const MAX_BYTES = 8 * 1024 * 1024;

/** What the strings to sign of one request are made of. */
export interface CandidateInput {
  readonly request: SignedRequest;
  readonly parts: Parts;
  readonly authorization: Authorization;
  readonly input: CanonicalizationInput;
}

export interface TencentCandidate extends Candidate {
  readonly variant: TencentVariant;
}

/**
 * The strings to try, the documented variant first, or the remembered one, each once. Lazy: a string is built only when
 * those before it did not match.
 */
export function* candidates(of: CandidateInput, written?: Written): Generator<TencentCandidate> {
  const { request, parts, authorization, input } = of;
  const tried = new Tried();
  const md5 = new Map<Parts, readonly string[]>();
  const lines = linesInOrder(request, authorization);
  let bytes = 0;
  for (const { variant, parts: signed, write } of targetsInOrder(parts, request.method, input)) {
    const isWritten = written?.variant.name === variant.name && written.variant.style === variant.style;
    const target = isWritten ? written.text : write();
    if (target === undefined) continue;
    const fields = md5.get(signed) ?? md5Fields(signed);
    md5.set(signed, fields);
    for (const [at, field] of fields.entries()) {
      for (const [order, headers] of lines) {
        const stringToSign = join(headers, request.method, parts, field, target);
        if (!tried.add(stringToSign)) continue;
        bytes += tried.size <= 2 ? 0 : stringToSign.length;
        if (bytes > MAX_BYTES) return;
        yield { variant: interned(variant, order, at), stringToSign };
        if (tried.size >= MAX_CANDIDATES) return;
      }
    }
  }
}

/** The one string of a variant, and the target in it; undefined where it does not apply to the request. */
export function stringOf(
  { target, order, md5 }: TencentVariant,
  of: CandidateInput,
): { readonly stringToSign: string; readonly written: Written } | undefined {
  const { request, parts, authorization, input } = of;
  const written = writeTarget(target, parts, request.method, input);
  const field = written && md5Fields(written.parts)[md5];
  if (written === undefined || field === undefined) return undefined;
  const headers = headerLines(request, authorization, order);
  const stringToSign = join(headers, request.method, parts, field, written.text);
  return { stringToSign, written: { variant: target, text: written.text } };
}

/** A target of a request that is written already: to sort a thousand parameters takes longer than all else. */
interface Written {
  readonly variant: TargetVariant;
  readonly text: string;
}

/** Whether a candidate of this variant, where there is one, is the documented string. */
export function isDocumented({ name, order, md5 }: TencentVariant): boolean {
  return name === DOCUMENTED && order === "sorted" && md5 === 0;
}

const DOCUMENTED = PARAMETER_STYLES[0]?.name;

/** The documented string, for an error: without a guard, since nothing is decided by it. */
export function documentedString(
  { request, parts, authorization }: Omit<CandidateInput, "input">,
  environmentPrefix: string,
): string {
  const path = parts.path.slice(environmentPrefix.length) || "/";
  const target = path + documentedText(parts.query ?? "", parts.formBody, "name");
  const needsMd5 = !parts.isFormBody && parts.body.length > 0;
  const md5 = parts.sentMd5 || (needsMd5 ? md5Of(parts.body)[0] : "");
  return join(headerLines(request, authorization, "sorted"), request.method, parts, md5, target);
}

function join(headers: string, method: string, { accept, contentType }: Parts, md5: string, target: string) {
  return `${headers}\n${method}\n${accept}\n${contentType}\n${md5}\n${target}`;
}

/** Equal lines once. */
function linesInOrder(
  request: SignedRequest,
  authorization: Authorization,
): readonly (readonly [HeaderOrder, string])[] {
  const found: (readonly [HeaderOrder, string])[] = [];
  for (const order of HEADER_ORDERS) {
    const lines = headerLines(request, authorization, order);
    if (!found.some(([, other]) => other === lines)) found.push([order, lines]);
  }
  return found;
}

/** There are a few thousand variants at most: every axis has a few values. */
const KNOWN = new Map<string, TencentVariant>();
const STYLE_NUMBERS = new Map(PARAMETER_STYLES.map((style, at) => [style, at]));

function interned(target: TargetVariant, order: HeaderOrder, md5: number): TencentVariant {
  const { name, style, openVariants, unsignedBody } = target;
  const key = `${STYLE_NUMBERS.get(style)} ${name} ${unsignedBody ?? ""} ${order} ${md5}`;
  const known = KNOWN.get(key) ?? { scheme: "Tencent" as const, name, openVariants, target, order, md5 };
  KNOWN.set(key, known);
  return known;
}
