import type { OpenVariant } from "../../api/vocabulary.ts";
import { decodedPath } from "../decodedPath.ts";
import type { Variant } from "../model.ts";
import type { ParameterText, Writing } from "../parameters/parameterText.ts";
import { SELECTIONS, type Selection } from "./selections.ts";

/** One way to write the string to sign: one value of each axis. The same object for the same axes. */
export interface AlibabaVariant extends Variant {
  readonly style: Style;
  readonly selection: Selection;
  readonly isPathDecoded: boolean;
  /** Whether Content-MD5 stays empty although there is a body that is no form. */
  readonly isBodyLeft: boolean;
  /** Whether the lines of the headers are in the order of the list, which is not that of their names. */
  readonly areLinesAsListed: boolean;
  readonly rank: number;
}

/** How parameters are read and ordered. */
interface Style extends Writing {
  readonly label: string;
  readonly rank: number;
}

const BARE = { emptyValue: "bare" } as const;

const STYLES: readonly Style[] = [
  // npm
  { label: "", rank: 0, query: "decoded", form: "decoded", order: "name-alone", ...BARE },
  // PyPI: the query as in the URL, the form as its fields were given
  { label: "+query-as-sent", rank: 1, query: "sent", form: "decoded", order: "name-alone", ...BARE },
  { label: "+as-sent", rank: 2, query: "sent", form: "sent", order: "name-alone", ...BARE },
  // Languages that compare text by UTF-16 units
  { label: "+utf16", rank: 3, query: "decoded", form: "decoded", order: "utf16", ...BARE },
  { label: "+query-as-sent+utf16", rank: 4, query: "sent", form: "decoded", order: "utf16", ...BARE },
];

/** All variants, those first that leave least open, and of these the ones that most clients use. */
export const VARIANTS: readonly AlibabaVariant[] = STYLES.flatMap((style) =>
  SELECTIONS.flatMap((selection) =>
    [false, true].flatMap((isPathDecoded) =>
      [false, true].flatMap((isBodyLeft) =>
        inBothOrders(variantOf(style, selection, isPathDecoded, isBodyLeft)),
      ),
    ),
  ),
).sort((a, b) => a.rank - b.rank);

/** The documented variant, and the same with its headers in the order of the list. */
export const LIKELY = VARIANTS.slice(0, 2);

/** The order of the lines is not in the name: it leaves nothing open, and means nothing to a reader of metrics. */
function inBothOrders(variant: Omit<AlibabaVariant, "areLinesAsListed">): readonly AlibabaVariant[] {
  return [false, true].map((areLinesAsListed) => ({
    ...variant,
    areLinesAsListed,
    rank: variant.rank + (areLinesAsListed ? 0.5 : 0),
  }));
}

function variantOf(
  style: Style,
  selection: Selection,
  isPathDecoded: boolean,
  isBodyLeft: boolean,
): Omit<AlibabaVariant, "areLinesAsListed"> {
  const openVariants: readonly OpenVariant[] = [
    ...selection.variants,
    ...(isBodyLeft ? (["BodyNotSigned"] as const) : []),
  ];
  const path = isPathDecoded ? "+path-decoded" : "";
  return {
    scheme: "AlibabaCA",
    name: `x-ca${style.label}${selection.label}${path}${isBodyLeft ? "+BodyNotSigned" : ""}`,
    ...{ openVariants, style, selection, isPathDecoded, isBodyLeft },
    rank: style.rank + (isPathDecoded ? 5 : 0) + 10 * openVariants.length,
  };
}

/** Above so many parameters only the two styles that most clients use are tried. */
const MANY_PARAMETERS = 1_000;

/** Path and parameters as the variant writes them; undefined where it does not apply, or where another request would share the text. */
export function writeTarget(
  { style, selection, isPathDecoded }: AlibabaVariant,
  path: string,
  query: ParameterText,
  form: ParameterText,
): string | undefined {
  const signedPath = isPathDecoded ? decodedPath(path) : path;
  if (signedPath === undefined) return undefined;
  if (query.text === "" && form.text === "")
    return style.rank === 0 && selection.label === "" ? signedPath : undefined;
  if (style.rank > 1 && query.count + form.count > MANY_PARAMETERS) return undefined;
  const text = query.writtenWith(form, style, selection.apply);
  if (text === undefined) return undefined;
  return query.isEmpty && form.isEmpty ? signedPath : `${signedPath}?${text}`;
}
