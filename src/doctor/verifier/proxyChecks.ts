import { PROXY_SIGNS, type ProxySign } from "../../observe/proxySigns.ts";
import type { FindingId } from "../catalog.ts";
import { error, type Finding, judge, type Problem, warning } from "../finding.ts";
import type { MetricSamples } from "./metricSamples.ts";

/** How many Checks showed each sign of the proxy's configuration, in the time that `during` names. */
export interface ProxyCounts {
  readonly where: string;
  readonly during: string;
  readonly counts: ReadonlyMap<ProxySign, number>;
}

/** The counts in one scrape, without those of an earlier scrape. */
export function countSigns(samples: MetricSamples, before?: MetricSamples): ReadonlyMap<ProxySign, number> {
  const count = (scrape: MetricSamples | undefined, sign: ProxySign) =>
    scrape?.value("countersign_proxy_checks_total", "sign", sign) ?? 0;
  return new Map(PROXY_SIGNS.map((sign) => [sign, Math.max(0, count(samples, sign) - count(before, sign))]));
}

/** The sums of the counts of several processes. */
export function sumOf(counts: readonly ReadonlyMap<ProxySign, number>[]): ReadonlyMap<ProxySign, number> {
  const total = (sign: ProxySign) => counts.reduce((sum, one) => sum + (one.get(sign) ?? 0), 0);
  return new Map(PROXY_SIGNS.map((sign) => [sign, total(sign)]));
}

/** A sign that no Check should show. */
interface BadSign {
  readonly sign: ProxySign;
  readonly id: FindingId;
  /** Completes the sentence "n of m Checks …". */
  readonly what: string;
  readonly problem: Problem;
}

const BAD_SIGNS: readonly BadSign[] = [
  {
    sign: "HeadersMap",
    id: "headers-joined",
    what: "had joined headers",
    problem: warning("encode_raw_headers: true"),
  },
  {
    sign: "BodyMissing",
    id: "body-not-forwarded",
    what: "lacked their body",
    problem: error(
      "with_request_body: {max_request_bytes: 16777216, allow_partial_message: false, pack_as_bytes: true}",
    ),
  },
  {
    sign: "BodyPartial",
    id: "body-truncated",
    what: "had a part of their body",
    problem: error("with_request_body: {allow_partial_message: false}"),
  },
  {
    sign: "BodyAsText",
    id: "body-sanitised",
    what: "had their body as text",
    problem: error("with_request_body: {pack_as_bytes: true}"),
  },
  {
    sign: "BodyAtLimit",
    id: "body-limit",
    what: "had a body of the largest size that the verifier accepts",
    problem: warning("one value for max_request_bytes of Envoy and --max-request-bytes of the verifier"),
  },
  {
    sign: "PathNotNormalised",
    id: "path-not-normalised",
    what: "had a path that is not normalised",
    problem: error("normalize_path: true and merge_slashes: true, in the HttpConnectionManager"),
  },
];

/** A larger share of Checks with too little time is not an exception. */
const MANY = 0.05;

/**
 * Checks the proxy by the Checks that verifiers received, independently of its configuration. `namesApis`: the configuration has
 * routes that name their API or environment.
 */
export function checkProxy({ where, during, counts }: ProxyCounts, namesApis: boolean): readonly Finding[] {
  const of = (sign: ProxySign) => counts.get(sign) ?? 0;
  const total = of("Check");
  if (total === 0) {
    const problem = warning("send a request, or let doctor send one: --probe");
    return [judge("verifier-unasked", where, `no Check ${during}`, problem)];
  }
  const seen = (sign: ProxySign, what: string) => `${of(sign)} of ${total} Checks ${what} ${during}`;
  const isOftenLate = of("DeadlineShort") > total * MANY;
  return [
    ...BAD_SIGNS.map(({ sign, id, what, problem }) =>
      judge(id, where, seen(sign, what), of(sign) > 0 && problem),
    ),
    judge(
      "timeout-too-short",
      where,
      seen("DeadlineShort", "left less than 100 ms"),
      of("DeadlineShort") > 0 && (isOftenLate ? error : warning)("grpc_service: {timeout: 0.5s}"),
    ),
    judge(
      "context-never-sent",
      where,
      seen("ContextExtensions", "named their API or environment"),
      namesApis &&
        of("ContextExtensions") === 0 &&
        warning("typed_per_filter_config under the exact name of the ext_authz filter"),
    ),
  ];
}

/** With this many Checks per process on average, a process without any is not an endpoint of the proxy. */
const ENOUGH = 20;

/** Checks whether each of several processes receives Checks. */
export function everyProcessIsAsked(each: readonly ProxyCounts[]): readonly Finding[] {
  const total = each.reduce((sum, { counts }) => sum + (counts.get("Check") ?? 0), 0);
  if (each.length < 2 || total < ENOUGH * each.length) return [];
  return each.map(({ where, during, counts }) => {
    const count = counts.get("Check") ?? 0;
    return judge(
      "endpoints-too-few",
      where,
      `${count} of ${total} Checks ${during}`,
      count === 0 && error("load_assignment with one endpoint per verifier process"),
    );
  });
}
