import { HEADER_PREFIX } from "../../../api/names.ts";

/**
 * The request header in which `envoy-config --tap` makes Envoy record when it received a request, in seconds since 1970: the segments of a
 * streamed tap have no time. Envoy overwrites a client's, and verifiers remove it from allowed requests, as every header of the prefix.
 */
export const RECEIVED_AT_HEADER = `${HEADER_PREFIX}received-at`;
