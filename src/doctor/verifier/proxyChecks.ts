import { PROXY_SIGNS, type ProxySign } from "../../observe/proxySigns.ts";
import { error, type Finding, judge, type Problem, warning } from "../finding.ts";
import type { Samples } from "./metricSamples.ts";

/** How often each sign was seen in a time that `during` names. */
export interface Observed {
  readonly where: string;
  readonly during: string;
  readonly counts: ReadonlyMap<ProxySign, number>;
}

/** The counts of these metrics, less those of an earlier look. */
export function observedIn(samples: Samples, before?: Samples): ReadonlyMap<ProxySign, number> {
  const count = (of: Samples | undefined, sign: ProxySign) =>
    of?.value("countersign_proxy_checks_total", "sign", sign) ?? 0;
  return new Map(PROXY_SIGNS.map((sign) => [sign, Math.max(0, count(samples, sign) - count(before, sign))]));
}

export function sumOf(counts: readonly ReadonlyMap<ProxySign, number>[]): ReadonlyMap<ProxySign, number> {
  const total = (sign: ProxySign) => counts.reduce((sum, one) => sum + (one.get(sign) ?? 0), 0);
  return new Map(PROXY_SIGNS.map((sign) => [sign, total(sign)]));
}

/** More than this share of Checks with too little time is no accident. */
const MANY = 0.05;

/** Signs of which a single one is a fault: its finding, what the Checks had, and the remedy. */
const FAULTS: readonly (readonly [id: Finding["id"], sign: ProxySign, what: string, problem: Problem])[] = [
  ["headers-joined", "HeadersMap", "had joined headers", warning("encode_raw_headers: true")],
  [
    "body-not-forwarded",
    "BodyMissing",
    "lacked their body",
    error(
      "with_request_body: {max_request_bytes: 16777216, allow_partial_message: false, pack_as_bytes: true}",
    ),
  ],
  [
    "body-truncated",
    "BodyPartial",
    "had a part of their body",
    error("with_request_body: {allow_partial_message: false}"),
  ],
  [
    "body-sanitised",
    "BodyAsText",
    "had their body as text",
    error("with_request_body: {pack_as_bytes: true}"),
  ],
  [
    "body-limit",
    "BodyAtLimit",
    "had a body as long as the verifier takes",
    warning("one value for max_request_bytes of Envoy and --max-request-bytes of the verifier"),
  ],
  [
    "path-not-normalised",
    "PathNotNormalised",
    "had a path that is not normalised",
    error("normalize_path: true and merge_slashes: true, in the HttpConnectionManager"),
  ],
];

/** What the Checks that verifiers got say of the proxy, whatever its configuration says. */
export function proxyIsSound({ where, during, counts }: Observed, namesApis: boolean): readonly Finding[] {
  const of = (sign: ProxySign) => counts.get(sign) ?? 0;
  const total = of("Check");
  if (total === 0) return [unasked(where, during)];
  const seen = (sign: ProxySign, what: string) => `${of(sign)} of ${total} Checks ${what} ${during}`;
  const isLate = of("DeadlineShort") > total * MANY;
  const isShort = (isLate ? error : warning)("grpc_service: {timeout: 0.5s}");
  const faults = [
    ...FAULTS,
    ["timeout-too-short", "DeadlineShort", "left less than 100 ms", isShort] as const,
  ];
  return [
    ...faults.map(([id, sign, what, problem]) => judge(id, where, seen(sign, what), of(sign) > 0 && problem)),
    judge(
      "context-never-sent",
      where,
      seen("ContextExtensions", "named their API or environment"),
      namesApis &&
        of("ContextExtensions") === 0 &&
        warning("typed_per_filter_config under the very name of the ext_authz filter"),
    ),
  ];
}

function unasked(where: string, during: string): Finding {
  const remedy = warning("send a request, or let doctor do it: --probe");
  return judge("verifier-unasked", where, `no Check ${during}`, remedy);
}

/** With so many Checks a process, one that got none is not asked at all. */
const ENOUGH = 20;

/** Whether each of several processes is asked. */
export function everyProcessIsAsked(each: readonly Observed[]): readonly Finding[] {
  const total = each.reduce((sum, { counts }) => sum + (counts.get("Check") ?? 0), 0);
  if (each.length < 2 || total < ENOUGH * each.length) return [];
  return each.map(({ where, during, counts }) => {
    const count = counts.get("Check") ?? 0;
    return judge(
      "endpoints-too-few",
      where,
      `${count} of ${total} Checks ${during}`,
      count === 0 && error("load_assignment with one endpoint a verifier process"),
    );
  });
}
