import { DECISION_CODES } from "../../api/vocabulary.ts";
import { field, parseJson } from "../../base/json.ts";
import { error, type Finding, judge, warning } from "../finding.ts";
import type { ProbeRequest } from "./probeRequests.ts";

/** An answer to a probe. */
export interface ProbeAnswer {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** What an answer says: the verifier's refusals are known by the code in their body. */
export function judgeProbe(
  where: string,
  { name, isOdd }: ProbeRequest,
  answer: ProbeAnswer,
): readonly Finding[] {
  const { status, headers, body } = answer;
  const code = codeIn(body);
  const seen = `a request ${name} was answered ${status}${code === undefined ? "" : ` ${code}`}`;
  const isUpstreams = status < 300 || headers.has("x-envoy-upstream-service-time");
  if (code === undefined && isUpstreams) return [judge("probe-unprotected", where, seen, UNPROTECTED)];
  if (status >= 500 || (status === 403 && body === ""))
    return [judge("probe-not-ready", where, seen, NOT_READY)];
  if (isOdd && code === "UnsafePath") return [judge("path-not-normalised", where, seen, NOT_NORMALISED)];
  // Envoy refuses some odd paths by itself, which is as good.
  if (code !== undefined || (isOdd && status === 400)) return [judge("probe-unprotected", where, seen)];
  return [judge("probe-refused-elsewhere", where, seen, REFUSED_ELSEWHERE)];
}

const UNPROTECTED = error(
  "the ext_authz filter on this listener and route, as countersign envoy-config prints it",
);
const NOT_READY = error(
  "look at the verifiers, and at Envoy's endpoints for them: --envoy-admin, --verifier",
);
const NOT_NORMALISED = error("normalize_path: true and merge_slashes: true, in the HttpConnectionManager");
const REFUSED_ELSEWHERE = warning(
  "--host and --probe-path of an API that is granted to somebody, so that the request finds its route",
);

function codeIn(body: string): string | undefined {
  const code = field(parseJson(body), "code");
  return DECISION_CODES.find((one) => one === code);
}
