import { RETRY_ON } from "../../api/envoy.ts";
import { field, list, text } from "../../base/json.ts";
import { error, type Finding, judge, type Problem, warning } from "../finding.ts";
import type { AuthzFilter } from "./envoySnapshot.ts";
import { milliseconds } from "./protoJson.ts";

/** Envoy's default when grpc_service has no timeout. */
const DEFAULT_TIMEOUT_MS = 200;
/** With less than this a verifier under load is late; with less than half of it, at every garbage collection. */
const SHORT_MS = 200;
const LONG_MS = 10_000;

/** Checks that a verifier has enough time to reply, and that callers do not wait too long. */
export function timeIsEnough({ where, filter }: AuthzFilter): readonly Finding[] {
  const timeout = timeoutOf(filter.config);
  const seen = `grpc_service.timeout: ${seconds(timeout)}`;
  const shortly = tooShort(timeout, "grpc_service: {timeout: 0.5s}");
  return [
    judge("timeout-too-short", where, seen, shortly),
    judge("timeout-too-long", where, seen, timeout > LONG_MS && warning("grpc_service: {timeout: 0.5s}")),
    ...retries(where, filter.config, timeout),
  ];
}

function timeoutOf(config: unknown): number {
  return milliseconds(field(config, "grpc_service", "timeout")) ?? DEFAULT_TIMEOUT_MS;
}

function tooShort(ms: number, write: string): Problem | false {
  if (ms >= SHORT_MS) return false;
  return ms < SHORT_MS / 2 ? error(write) : warning(write);
}

function retries(where: string, config: unknown, timeout: number): readonly Finding[] {
  const policy = field(config, "grpc_service", "retry_policy");
  const backOff = `retry_back_off: {base_interval: 0.005s, max_interval: ${seconds(timeout)}}`;
  const whole = `retry_policy: {retry_on: "${RETRY_ON}", num_retries: 2, ${backOff}, host_selection_retry_max_attempts: 3, retry_host_predicate: [previous_hosts]}`;
  if (policy === undefined) {
    const isMisplaced = field(config, "grpc_service", "envoy_grpc", "retry_policy") !== undefined;
    const seen = isMisplaced
      ? "envoy_grpc.retry_policy, which Envoy ignores"
      : "no grpc_service.retry_policy";
    return [judge("retry-missing", where, seen, warning(`grpc_service: {${whole}}`))];
  }
  const base = milliseconds(field(policy, "retry_back_off", "base_interval"));
  const most = milliseconds(field(policy, "retry_back_off", "max_interval")) ?? (base ?? 25) * 10;
  const predicates = list(field(policy, "retry_host_predicate")).map((one) => text(field(one, "name")));
  const isElsewhere = predicates.some((name) => name.includes("previous_hosts"));
  const cuts =
    most < timeout && (most < SHORT_MS / 2 ? error : warning)(`grpc_service: {retry_policy: {${backOff}}}`);
  return [
    judge("retry-missing", where, `retry_on: ${text(field(policy, "retry_on"))}`),
    judge("retry-cuts-tries", where, `max_interval: ${seconds(most)}, timeout: ${seconds(timeout)}`, cuts),
    judge(
      "retry-same-host",
      where,
      `retry_host_predicate: ${predicates.join(", ") || "none"}`,
      !isElsewhere &&
        warning(
          "retry_policy: {host_selection_retry_max_attempts: 3, retry_host_predicate: [{name: envoy.retry_host_predicates.previous_hosts, …}]}",
        ),
    ),
  ];
}

function seconds(ms: number): string {
  return `${ms / 1_000}s`;
}
