import type { Finding } from "../../finding.ts";
import { apiText } from "../../tenant/apis.ts";
import { byText, grouped } from "../../tenant/order.ts";
import type { GrantableApi } from "../grantable.ts";
import type { WrittenPath } from "../objects.ts";
import type { VendorPath } from "./vendorPath.ts";

/** Lines of one API; the other requests of it are of the same kinds. */
const MAX_EXAMPLES = 10;

/**
 * What the narrow path types change, for each API: requests that match no path any more, and requests that another API decides.
 * Found by deciding example requests of every path of the service by both rules.
 */
export function narrowed(apis: Iterable<GrantableApi>): readonly Finding[] {
  return [...grouped([...apis], ({ api }) => api.service).values()].flatMap((own) => {
    const requests = [...new Set(own.flatMap(({ vendorPath }) => examplesOf(vendorPath)))].sort(byText);
    const changes = requests.flatMap((path) => changeOf(path, own));
    return [...grouped(changes, ({ api }) => api.api.id).values()].map(findingOf);
  });
}

interface Change {
  readonly api: GrantableApi;
  readonly text: string;
}

function changeOf(path: string, apis: readonly GrantableApi[]): readonly Change[] {
  const before = winners(apis, ({ vendorPath }) => vendorRank(vendorPath, path));
  const after = winners(apis, ({ paths }) => firstRank(paths.map((one) => narrowRank(one, path))));
  return before
    .filter((api) => !after.includes(api))
    .map((api) => {
      const other = after.map((one) => apiText(one.api)).join(", ");
      return { api, text: other === "" ? `${path} is lost` : `${path} is decided by ${other}` };
    });
}

/** The APIs with the first rank, as text; undefined for one that does not match. */
function winners(
  apis: readonly GrantableApi[],
  rankOf: (api: GrantableApi) => string | undefined,
): readonly GrantableApi[] {
  const ranked = apis.map((api) => ({ api, rank: rankOf(api) }));
  const best = firstRank(ranked.map(({ rank }) => rank));
  return best === undefined ? [] : ranked.filter(({ rank }) => rank === best).map(({ api }) => api);
}

function firstRank(ranks: readonly (string | undefined)[]): string | undefined {
  return ranks.filter((rank) => rank !== undefined).toSorted(byText)[0];
}

/** Requests that the path matches at the vendor: by whole segments, by characters, and with variables that span segments. */
function examplesOf(path: VendorPath): readonly string[] {
  if (path.kind === "pattern" || path.kind === "impossible") return [];
  const { kind, value } = path;
  if (kind === "exact") return [value];
  if (kind === "template") return ["x", "a/b"].map((text) => value.replaceAll(VARIABLE, text));
  const base = value.endsWith("/") ? value : `${value}/`;
  return [value, `${base}x`, ...(value.endsWith("/") ? [] : [`${value}-x`, base])];
}

const VARIABLE = /\{[^{}]*\}/g;

/** The vendor's precedence: exact, `^~`, variables, plain, each by its length. */
function vendorRank(path: VendorPath, request: string): string | undefined {
  if (path.kind === "pattern" || path.kind === "impossible") return undefined;
  const { kind, value } = path;
  if (kind === "exact") return request === value ? "0" : undefined;
  if (kind === "template") return expressionOf(value, ".+").test(request) ? `2${literals(value)}` : undefined;
  if (!request.startsWith(value)) return undefined;
  return `${kind === "prefix" ? 1 : 3}${longerFirst(value.length)}`;
}

/** The order of docs/concepts.md: Exact, Template, PathPrefix by its length. */
function narrowRank({ type, value }: WrittenPath, request: string): string | undefined {
  if (type === "Exact") return request === value ? "0" : undefined;
  if (type === "Template")
    return expressionOf(value, "[^/]+").test(request) ? `1${shapeOf(value)}` : undefined;
  const prefix = value.replace(/\/$/, "");
  return request === prefix || request.startsWith(`${prefix}/`)
    ? `2${longerFirst(prefix.length)}`
    : undefined;
}

function expressionOf(template: string, variable: string): RegExp {
  const parts = template.split(VARIABLE).map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(variable)}$`);
}

/** More literal characters first, then by the shape. */
function literals(template: string): string {
  return `${longerFirst(template.replaceAll(VARIABLE, "").length)}${shapeOf(template)}`;
}

/** A literal segment is before a variable, from the left. */
function shapeOf(template: string): string {
  return template.replaceAll(VARIABLE, "\x7f");
}

function longerFirst(length: number): string {
  return String(10_000 - length).padStart(5, "0");
}

function findingOf(changes: readonly Change[]): Finding {
  const [{ api }] = changes as [Change, ...Change[]];
  const texts = changes.map(({ text }) => text);
  const more = texts.length > MAX_EXAMPLES ? `; and ${texts.length - MAX_EXAMPLES} more of these kinds` : "";
  return {
    level: "decision",
    code: "Narrowed",
    subject: apiText(api.api),
    text: `of requests that it matched at the vendor, ${texts.slice(0, MAX_EXAMPLES).join("; ")}${more}`,
    from: [api.api.from],
  };
}
