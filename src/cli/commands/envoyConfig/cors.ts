import { ENVOY_TYPE, REQUEST_ID_HEADER } from "../../../api/envoy.ts";

const FILTER = "envoy.filters.http.cors";
const TYPE = `${ENVOY_TYPE}.extensions.filters.http.cors.v3`;

/** Which scripts of browsers may call, and what they may send and read. */
export interface CorsOptions {
  readonly origins: readonly Origin[];
  /** Request headers beside those that every signed request has. */
  readonly allowHeaders: readonly string[];
  /** Response headers beside those of Countersign. */
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  /** How long a browser keeps the answer to a preflight. */
  readonly maxAgeSeconds: number;
}

/** `any`: every origin. `subdomains`: every name below the host, however deep, with that scheme and port. */
export type Origin =
  | { readonly kind: "any" }
  | { readonly kind: "exact"; readonly origin: string }
  | { readonly kind: "subdomains"; readonly scheme: string; readonly host: string; readonly port: string };

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** What signed requests carry: the scheme's own headers, those that the vendor's examples sign, and what libraries add. */
const REQUEST_HEADERS = [
  ...["authorization", "x-date", "date", "source", "content-md5", "content-type", "accept"],
  ...["x-requested-with", "x-request-id"],
];

/** The id of a request, what a denial asks for, and the time by which a script can correct its clock. */
const RESPONSE_HEADERS = [REQUEST_ID_HEADER, "www-authenticate", "date"];

/** Stands before ext_authz: preflights are never signed, and only so does a denial carry the headers without which a script cannot read it. */
export function corsFilter(): object {
  return { name: FILTER, typed_config: { "@type": `${TYPE}.Cors` } };
}

/** Fields of a virtual host. Envoy's filter does not say by itself that a response depends on the origin (seen on 1.40.0). */
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
    // Envoy answers preflights of other origins too, without CORS headers; else the verifier would get them.
    forward_not_matching_preflights: false,
  };
}

/** Envoy takes the exact text `*` for every origin. */
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
 * Reads an origin as a browser sends it: `https://shop.example.com`; `https://*.example.com` for all names below it; `*`. Undefined for
 * everything else, since a browser would never send it: a path, upper case, a default port, `null`.
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
