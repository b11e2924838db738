import { join } from "node:path";
import { ENVOY_TYPE } from "../../../api/envoy.ts";
import { RECEIVED_AT_HEADER } from "../../shared/capture/receivedAt.ts";

/** The key of Envoy's runtime that is the percentage of requests to record. */
export const TAP_RUNTIME_KEY = "countersign.tap";

/** What to record. */
export interface TapOptions {
  /** Existing folder on Envoy's machine: an absolute path. */
  readonly folder: string;
}

/**
 * The HTTP tap filter, which is to be in front of ext_authz. It streams: the headers of a buffered trace are those at the end of the request,
 * when the verifier has removed Authorization and the route has changed the path (seen on 1.40.0). Responses are not recorded, except
 * for their headers.
 */
export function tapFilter({ folder }: TapOptions, maxRequestBytes: number): object {
  return {
    name: "envoy.filters.http.tap",
    typed_config: {
      "@type": `${ENVOY_TYPE}.extensions.filters.http.tap.v3.Tap`,
      common_config: {
        static_config: {
          match: { any_match: true },
          tap_enabled: { default_value: { numerator: 100 }, runtime_key: TAP_RUNTIME_KEY },
          output_config: {
            streaming: true,
            max_buffered_rx_bytes: maxRequestBytes,
            max_buffered_tx_bytes: 0,
            sinks: [{ format: "JSON_BODY_AS_BYTES", file_per_tap: { path_prefix: join(folder, "request") } }],
          },
        },
      },
    },
  };
}

/** An early header mutation that records when the request was received; the segments of a streamed tap have no time. */
export function receivedAtMutation(): object {
  return {
    append: {
      header: { key: RECEIVED_AT_HEADER, value: "%START_TIME(%s.%3f)%" },
      append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
    },
  };
}

/** The runtime layer that lets the admin interface change the percentage. */
export function adminRuntime(): object {
  return { layered_runtime: { layers: [{ name: "admin", admin_layer: {} }] } };
}
