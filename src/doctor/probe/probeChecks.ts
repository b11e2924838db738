import { DECISION_CODES } from "../../api/vocabulary.ts";
import { field, parseJson } from "../../base/json.ts";
import type { FindingId } from "../catalog.ts";
import { error, type Finding, judge, type Problem, warning } from "../finding.ts";
import type { ProbeRequest } from "./probeRequests.ts";

/** A response to a probe. */
export interface ProbeResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const UNPROTECTED = error(
  "the ext_authz filter on this listener and route, as countersign envoy-config prints it",
);
const NOT_READY = error(
  "look at the verifiers, and at Envoy's endpoints for them: --envoy-admin, --verifier",
);
const NOT_NORMALISED = error("normalize_path: true and merge_slashes: true, in the HttpConnectionManager");
const ELSEWHERE = warning(
  "--host and --probe-path of an API that is granted to an Application, so that the request finds its route",
);

/** Judges the response to a probe. The verifier's denials have a code in their body. */
export function judgeProbe(where: string, probe: ProbeRequest, response: ProbeResponse): readonly Finding[] {
  const code = codeIn(response.body);
  const seen = `a request ${probe.name} got ${response.status}${code === undefined ? "" : ` ${code}`}`;
  const [id, problem] = verdictOf(probe, response, code);
  return [judge(id, where, seen, problem)];
}

/** Whether the finding is that a probe reached the upstream. */
export function isUnprotected({ id, severity }: Finding): boolean {
  return id === "probe-unprotected" && severity === "error";
}

function verdictOf(
  { isUnnormalised }: ProbeRequest,
  { status, headers, body }: ProbeResponse,
  code: string | undefined,
): readonly [FindingId, Problem?] {
  const isUpstreams = status < 300 || headers.has("x-envoy-upstream-service-time");
  if (code === undefined && isUpstreams) return ["probe-unprotected", UNPROTECTED];
  if (status >= 500 || (status === 403 && body === "")) return ["probe-not-ready", NOT_READY];
  if (isUnnormalised && code === "UnsafePath") return ["path-not-normalised", NOT_NORMALISED];
  // Envoy rejects some of these paths itself, which is as good.
  if (code !== undefined || (isUnnormalised && status === 400)) return ["probe-unprotected"];
  return ["probe-refused-elsewhere", ELSEWHERE];
}

function codeIn(body: string): string | undefined {
  const code = field(parseJson(body), "code");
  return DECISION_CODES.find((one) => one === code);
}
