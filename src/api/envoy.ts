import { HEADER_PREFIX } from "./names.ts";

// Names that the verifier, the generated configuration, and doctor share with Envoy.

/** The service of Envoy's external authorization. It is also the one name, beside "", whose health a verifier reports. */
export const AUTHORIZATION_SERVICE = "envoy.service.auth.v3.Authorization";

/** The filter's name. Envoy keeps the reply's dynamic metadata under it, whatever the configuration calls the filter. */
export const AUTHZ_FILTER = "envoy.filters.http.ext_authz";

/** What the `@type` of every message of Envoy begins with. */
export const ENVOY_TYPE = "type.googleapis.com/envoy";

/** Envoy adds it to a request whose body it sends to the verifier: `false` if the body is whole, else `true`. */
export const PARTIAL_BODY_HEADER = "x-envoy-auth-partial-body";

/** The id of a request, for the caller and the upstream. The name is that of the vendor's gateway. */
export const REQUEST_ID_HEADER = "x-api-requestid";

/** Headers that a verifier's reply may set or remove: a regular expression of Envoy, matched against the whole name. */
export const MUTABLE_HEADERS = `authorization|${PARTIAL_BODY_HEADER}|${REQUEST_ID_HEADER}|${HEADER_PREFIX}[a-z0-9-]+`;

/** Failures after which Envoy may ask another verifier: these are not decisions. */
export const RETRY_ON = "unavailable,connect-failure,reset";
