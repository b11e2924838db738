import type { OpenVariant } from "../../api/vocabulary.ts";
import type { HeaderOrder } from "../hmacAuthorization/signedHeaders.ts";
import type { Variant } from "../model.ts";
import { ParameterText } from "../parameters/parameterText.ts";
import type { CanonicalizationInput } from "./canonicalizationInput.ts";
import { type ParameterSelection, selections, unsignedBody } from "./openVariants.ts";
import { looksLikeTwoQueries, PARAMETER_STYLES, type ParameterStyle } from "./parameterStyles.ts";
import { type Parts, withoutBody } from "./parts.ts";
import { documentedPath, type SignedPath, signedPaths } from "./signedPaths.ts";

/** Above so many parameters only a few styles are worth their price. */
const MANY_PARAMETERS = 1_000;
const MANY_SELECTED_PARAMETERS = 100;

/** One way to write path and parameters: the axes of a variant beside header order and MD5 spelling. */
export interface TargetVariant {
  readonly name: string;
  readonly openVariants: readonly OpenVariant[];
  readonly style: ParameterStyle;
  /** Labels of the selection of parameters and of the path. */
  readonly selection: string;
  readonly path: string;
  /** The variant under which the body is left unsigned; undefined where it is signed. */
  readonly unsignedBody: OpenVariant | undefined;
  /** Whether it is for a form that is signed by its Content-MD5 alone. */
  readonly isFormSignedAsBody: boolean;
}

/** One way to write the whole string to sign. The same object for the same axes. */
export interface TencentVariant extends Variant {
  readonly target: TargetVariant;
  readonly order: HeaderOrder;
  /** The place in what md5Fields() returns. */
  readonly md5: number;
}

/** A TargetVariant of one request, not yet written. */
export interface TargetWriter {
  readonly variant: TargetVariant;
  readonly rank: number;
  /** What of the request is signed. */
  readonly parts: Parts;
  readonly write: () => string | undefined;
}

/** The targets to try in order. Those behind the first are put together only when it did not match. */
export function* targetsInOrder(
  parts: Parts,
  method: string,
  input: CanonicalizationInput,
): Generator<TargetWriter> {
  const named = new Set(input.openVariants);
  const [first] = writersOf(parts, input, NONE, undefined, PARAMETER_STYLES.slice(0, 1));
  const documented = first?.variant.name;
  const remembered = input.hint?.variant?.name ?? documented;
  const likelyOnly = input.hint?.likelyOnly === true;
  if (first && remembered === documented) yield first;
  if (likelyOnly && remembered === documented) return;
  const rank = (one: TargetWriter) => (one.variant.name === remembered ? -1 : one.rank);
  const all = writersOf(parts, input, named, undefined, PARAMETER_STYLES);
  const unsigned = unsignedBody(named, method, parts);
  if (unsigned) all.push(...writersOf(withoutBody(parts), input, named, unsigned, PARAMETER_STYLES));
  for (const one of all.sort((a, b) => rank(a) - rank(b)))
    if (!likelyOnly || one.variant.name === remembered || one.variant.name === documented) yield one;
}

/**
 * What one target writes of a request; undefined where the variant does not apply to it. The same text as
 * targetsInOrder() would come to, without the others.
 */
export function writeTarget(
  { style, selection, path: label, unsignedBody: unsigned, isFormSignedAsBody }: TargetVariant,
  parts: Parts,
  method: string,
  input: CanonicalizationInput,
): { readonly text: string; readonly parts: Parts } | undefined {
  const named = input.openVariants && input.openVariants.length > 0 ? new Set(input.openVariants) : NONE;
  if (isFormSignedAsBody !== parts.isFormSignedAsBody) return undefined;
  if (unsigned !== undefined && unsignedBody(named, method, parts) !== unsigned) return undefined;
  const signed = unsigned === undefined ? parts : withoutBody(parts);
  const path = pathLabelled(label, parts.path, input);
  if (path === undefined) return undefined;
  if (!signed.query && signed.formBody === "")
    return style.forNone && selection === ""
      ? { text: path + (NOTHING.get(style) ?? ""), parts: signed }
      : undefined;
  const query = new ParameterText(signed.query ?? "", input.parameters);
  const form = new ParameterText(signed.formBody, input.parameters);
  const found = selections(named, query, form).find((one) => one.label === selection);
  if (!found || !isWorthTrying(query, form, found)(style)) return undefined;
  const text = guarded(
    style,
    style.write({ sentQuery: signed.query, query, form, selection: found }),
    signed,
  );
  return text === undefined ? undefined : { text: path + text, parts: signed };
}

const NONE: ReadonlySet<OpenVariant> = new Set();

/** What styles write where there are no parameters. */
const NOTHING: ReadonlyMap<ParameterStyle, string> = new Map(
  PARAMETER_STYLES.filter(({ forNone }) => forNone).map((style) => {
    const none = new ParameterText("", "Auto");
    const [all] = selections(NONE, none, none);
    if (!all) throw new Error("all parameters are a selection");
    return [style, style.write({ sentQuery: undefined, query: none, form: none, selection: all }) ?? ""];
  }),
);

function pathLabelled(label: string, path: string, input: CanonicalizationInput): string | undefined {
  const { environmentPrefix: prefix, environmentPrefixes: prefixes } = input;
  if (label === "") return documentedPath(path, prefix, prefixes);
  return signedPaths(path, prefix, prefixes).find((one) => one.label === label)?.text;
}

/** Every style with every path and every open variant that applies. */
function writersOf(
  parts: Parts,
  input: CanonicalizationInput,
  named: ReadonlySet<OpenVariant>,
  unsigned: OpenVariant | undefined,
  styles: readonly ParameterStyle[],
): TargetWriter[] {
  const query = new ParameterText(parts.query ?? "", input.parameters);
  const form = new ParameterText(parts.formBody, input.parameters);
  const paths = signedPaths(parts.path, input.environmentPrefix, input.environmentPrefixes);
  const suffix = `${parts.isFormSignedAsBody ? "+form-as-body" : ""}${unsigned === undefined ? "" : `+${unsigned}`}`;
  const open = unsigned === undefined ? [] : [unsigned];
  return selections(named, query, form).flatMap((selection) =>
    styles.filter(isWorthTrying(query, form, selection)).flatMap((style) => {
      const text = once(() =>
        guarded(style, style.write({ sentQuery: parts.query, query, form, selection }), parts),
      );
      return paths.map((path) => ({
        variant: {
          name: `${style.name}${selection.label}${path.label}${suffix}`,
          openVariants: [...selection.variants, ...open],
          style,
          selection: selection.label,
          path: path.label,
          unsignedBody: unsigned,
          isFormSignedAsBody: parts.isFormSignedAsBody,
        },
        rank: style.rank + 2 * path.rank + selection.variants.length + 2 * open.length,
        parts,
        write: () => joined(path, text()),
      }));
    }),
  );
}

/** Long lists are sorted in few ways, so that a failing request costs a small multiple of a good one. */
function isWorthTrying(
  query: ParameterText,
  form: ParameterText,
  { variants }: ParameterSelection,
): (style: ParameterStyle) => boolean {
  if (query.text === "" && form.text === "") return ({ forNone }) => forNone === true;
  const limit = variants.length === 0 ? MANY_PARAMETERS : MANY_SELECTED_PARAMETERS;
  const isMany = once(() => query.count + form.count > limit);
  return ({ forMany }) => forMany === true || !isMany();
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** What a style wrote, unless a request whose form lies inside its query would share it. */
function guarded(style: ParameterStyle, text: string | undefined, { isFormBody }: Parts): string | undefined {
  return text !== undefined && isFormBody && !style.hasTwoQueries && looksLikeTwoQueries(text)
    ? undefined
    : text;
}

function joined(path: SignedPath, text: string | undefined): string | undefined {
  return text === undefined ? undefined : path.text + text;
}
