import { ENVOY_TYPE, REQUEST_ID_HEADER } from "../../../api/envoy.ts";

const FILTER = "envoy.filters.http.cors";
const TYPE = `${ENVOY_TYPE}.extensions.filters.http.cors.v3`;

/** The browser scripts that may call, and the headers that they may send and read. */
export interface CorsOptions {
  readonly origins: readonly Origin[];
  /** Request headers in addition to REQUEST_HEADERS. */
  readonly allowHeaders: readonly string[];
  /** Response headers in addition to RESPONSE_HEADERS. */
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  /** How long a browser caches the response to a preflight. */
  readonly maxAgeSeconds: number;
}

/** `any`: every origin. `subdomains`: all subdomains of the host, at any depth, with that scheme and port. */
export type Origin =
  | { readonly kind: "any" }
  | { readonly kind: "exact"; readonly origin: string }
  | { readonly kind: "subdomains"; readonly scheme: string; readonly host: string; readonly port: string };

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Headers of signed requests: those of the scheme, those that the vendor's examples sign, and those that libraries add. */
const REQUEST_HEADERS = [
  ...["authorization", "x-date", "date", "source", "content-md5", "content-type", "accept"],
  ...["x-requested-with", "x-request-id"],
];

/** The request id, the challenge of a denial, and the time by which a script can correct its clock. */
const RESPONSE_HEADERS = [REQUEST_ID_HEADER, "www-authenticate", "date"];

/** Has to precede ext_authz: preflights are never signed, and a script can read a denial only if it has the CORS headers. */
export function corsFilter(): object {
  return { name: FILTER, typed_config: { "@type": `${TYPE}.Cors` } };
}

/** Fields of a virtual host. They add `vary: Origin`, which Envoy's filter does not add (seen on 1.40.0). */
export function corsOfVirtualHost(cors: CorsOptions): object {
  return {
    typed_per_filter_config: { [FILTER]: policy(cors) },
    response_headers_to_add: [
      { header: { key: "vary", value: "Origin" }, append_action: "APPEND_IF_EXISTS_OR_ADD" },
    ],
  };
}

function policy(cors: CorsOptions): object {
  return {
    "@type": `${TYPE}.CorsPolicy`,
    allow_origin_string_match: cors.origins.map(matcher),
    allow_methods: METHODS.join(", "),
    allow_headers: unique([...REQUEST_HEADERS, ...cors.allowHeaders]).join(", "),
    expose_headers: unique([...RESPONSE_HEADERS, ...cors.exposeHeaders]).join(", "),
    max_age: String(cors.maxAgeSeconds),
    allow_credentials: cors.allowCredentials,
    // Envoy also replies to preflights of other origins, without CORS headers. Otherwise the verifier would receive them.
    forward_not_matching_preflights: false,
  };
}

/** Envoy interprets the exact text `*` as every origin. */
function matcher(origin: Origin): object {
  switch (origin.kind) {
    case "any":
      return { exact: "*" };
    case "exact":
      return { exact: origin.origin };
    case "subdomains": {
      const [host, port] = [origin.host.replaceAll(".", "\\."), origin.port];
      return { safe_regex: { regex: `${origin.scheme}://([a-z0-9-]+\\.)+${host}${port}` } };
    }
  }
}

const SCHEME = "[a-z][a-z0-9+.-]*";
const EXACT = new RegExp(`^${SCHEME}://(\\[[0-9a-f:.]+\\]|[a-z0-9.-]+)(:[0-9]{1,5})?$`);
const SUBDOMAINS = /^(https?):\/\/\*\.((?:[a-z0-9-]+\.)+[a-z0-9-]+)(:[0-9]{1,5})?$/;

/**
 * Parses an origin as a browser sends it: `https://shop.example.com`; `https://*.example.com` for all subdomains; `*`. Undefined for
 * any other text, which a browser would never send: a path, upper case, a default port, `null`.
 */
export function parseOrigin(text: string): Origin | undefined {
  if (text === "*") return { kind: "any" };
  const [, scheme, host, port = ""] = SUBDOMAINS.exec(text) ?? [];
  const plain = scheme === undefined ? text : `${scheme}://${host}${port}`;
  if (!EXACT.test(plain) || (/^https?:/.test(plain) && originOf(plain) !== plain)) return undefined;
  return scheme === undefined || host === undefined
    ? { kind: "exact", origin: text }
    : { kind: "subdomains", scheme, host, port };
}

/** The origin of a URL, as browsers write it. */
export function originOf(url: string): string | undefined {
  const origin = URL.canParse(url) ? new URL(url).origin : "null";
  return origin === "null" ? undefined : origin;
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))];
}
