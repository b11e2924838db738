import { AUTHZ_FILTER, ENVOY_TYPE } from "../../../api/envoy.ts";
import { IDENTITY_NAMES, SHADOW_NAME } from "../../../api/names.ts";

/** The identity of the caller, under the names of the identity headers, and the code of a denial, which the caller got in the body; in Shadow mode the code of the decision. */
const DECISION = Object.fromEntries([
  ...IDENTITY_NAMES.map((name) => name.replaceAll("-", "_")).map((name) => [name, metadata(name)]),
  ["denial", metadata("code")],
  [SHADOW_NAME, metadata(SHADOW_NAME)],
]);

/** One JSON line per request, without empty fields. The query is not logged, because it may contain confidential values. */
export function accessLog(): object {
  return {
    // Not the file logger on /dev/stdout: Envoy cannot open that if its output is a socket.
    name: "envoy.access_loggers.stdout",
    typed_config: {
      "@type": `${ENVOY_TYPE}.extensions.access_loggers.stream.v3.StdoutAccessLog`,
      log_format: {
        omit_empty_values: true,
        json_format: {
          time: "%START_TIME%",
          request_id: "%REQ(X-REQUEST-ID)%",
          client: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
          method: "%REQ(:METHOD)%",
          host: "%REQ(:AUTHORITY)%",
          path: "%PATH(NQ:ORIG_OR_PATH)%",
          status: "%RESPONSE_CODE%",
          duration_ms: "%DURATION%",
          flags: "%RESPONSE_FLAGS%",
          details: "%RESPONSE_CODE_DETAILS%",
          ...DECISION,
        },
      },
    },
  };
}

function metadata(key: string): string {
  return `%DYNAMIC_METADATA(${AUTHZ_FILTER}:${key})%`;
}
