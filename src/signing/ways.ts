import type { OpenVariant } from "../api/vocabulary.ts";
import { type Thinning, thinnings, unsignedBody } from "./openVariants.ts";
import { type Parts, withoutBody } from "./parts.ts";
import { ParameterText } from "./readings.ts";
import { looksLikeTwoQueries, RECIPES, type Recipe } from "./recipes.ts";
import { type SignedPath, signedPaths } from "./signedPaths.ts";
import type { SigningContext } from "./signingContext.ts";

/** Above so many parameters only a few recipes are worth their price. */
const MANY_PARAMETERS = 1_000;
const MANY_THINNED_PARAMETERS = 100;

/** One way to write path and parameters, not yet written. */
export interface Way {
  readonly form: string;
  readonly openVariants: readonly OpenVariant[];
  readonly rank: number;
  /** What of the request is signed. */
  readonly parts: Parts;
  readonly write: () => string | undefined;
}

/** The ways to try in order. Those behind the first are put together only when it did not match. */
export function* waysInOrder(parts: Parts, method: string, context: SigningContext): Generator<Way> {
  const named = new Set(context.openVariants);
  const [first] = waysOf(parts, context, NONE, [], RECIPES.slice(0, 1));
  const documented = first?.form;
  const remembered = context.rememberedForm ?? documented;
  if (first && remembered === documented) yield first;
  if (context.likelyOnly && remembered === documented) return;
  const rank = (way: Way) => (way.form === remembered ? -1 : way.rank);
  const ways = waysOf(parts, context, named, [], RECIPES);
  const unsigned = unsignedBody(named, method, parts);
  if (unsigned) ways.push(...waysOf(withoutBody(parts), context, named, [unsigned], RECIPES));
  for (const way of ways.sort((a, b) => rank(a) - rank(b)))
    if (!context.likelyOnly || way.form === remembered || way.form === documented) yield way;
}

const NONE: ReadonlySet<OpenVariant> = new Set();

/** Every recipe with every path and every open variant that applies. */
function waysOf(
  parts: Parts,
  context: SigningContext,
  named: ReadonlySet<OpenVariant>,
  open: readonly OpenVariant[],
  recipes: readonly Recipe[],
): Way[] {
  const query = new ParameterText(parts.query ?? "", context.parameters);
  const form = new ParameterText(parts.form, context.parameters);
  const paths = signedPaths(parts.path, context.environmentPrefix, context.environmentPrefixes);
  const suffix = `${parts.isFormSignedAsBody ? "+form-as-body" : ""}${open.map((name) => `+${name}`).join("")}`;
  return thinnings(named, query, form).flatMap((thinning) =>
    recipes.filter(isWorthTrying(query, form, thinning)).flatMap((recipe) => {
      const text = once(() =>
        guarded(recipe, recipe.write({ sentQuery: parts.query, query, form, thinning }), parts),
      );
      return paths.map((path) => ({
        form: `${recipe.form}${thinning.label}${path.label}${suffix}`,
        rank: recipe.rank + 2 * path.rank + thinning.variants.length + 2 * open.length,
        openVariants: [...thinning.variants, ...open],
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
  { variants }: Thinning,
): (recipe: Recipe) => boolean {
  if (query.text === "" && form.text === "") return ({ forNone }) => forNone === true;
  const limit = variants.length === 0 ? MANY_PARAMETERS : MANY_THINNED_PARAMETERS;
  const isMany = query.items.length + form.items.length > limit;
  return ({ forMany }) => !isMany || forMany === true;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** What a recipe wrote, unless a request whose form stands inside its query would share it. */
function guarded(recipe: Recipe, text: string | undefined, { isForm }: Parts): string | undefined {
  return text !== undefined && isForm && !recipe.hasTwoQueries && looksLikeTwoQueries(text)
    ? undefined
    : text;
}

function joined(path: SignedPath, text: string | undefined): string | undefined {
  return text === undefined ? undefined : path.text + text;
}
