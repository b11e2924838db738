import { curves, dashboard, type Panel, stacked, stat } from "./panels.ts";

const IN = 'namespace=~"$namespace"';
const rate = (name: string, by: string, matchers = "") =>
  `sum by (${by}) (rate(${name}{${[IN, matchers].filter(Boolean).join(",")}}[$__rate_interval]))`;
const quantile = (share: number, name: string, by: string) =>
  `histogram_quantile(${share}, ${rate(`${name}_bucket`, `le${by === "" ? "" : `, ${by}`}`)})`;
const total = (name: string, by: string) => `sum by (${by}) (${name}{${IN}})`;
/** Gauges of the operator: those that wait show nothing. */
const most = (name: string, by: string, matchers = "") =>
  `max by (${by}) (${name}{${[IN, matchers].filter(Boolean).join(",")}})`;

const DECISIONS = "countersign_decisions_total";
const LATENCY = "countersign_decision_duration_seconds";
const NONCE = "countersign_nonce_check_duration_seconds";
const SKEW = "countersign_clock_skew_seconds";

const TRAFFIC: readonly Panel[] = [
  stat(
    "Verifiers that decide",
    "short",
    `sum(countersign_verifier_ready{${IN}})`,
    "0: Envoy denies every request with 503.",
  ),
  stat("Decisions", "reqps", `sum(rate(${DECISIONS}{${IN}}[$__rate_interval]))`, "Requests per second."),
  stat(
    "Allowed",
    "percentunit",
    `sum(rate(${DECISIONS}{${IN},code="Allowed"}[$__rate_interval])) / sum(rate(${DECISIONS}{${IN}}[$__rate_interval]))`,
    "Share of all requests.",
  ),
  stat("99 % decided within", "s", quantile(0.99, LATENCY, ""), "From a decoded Check to its reply."),
  stat(
    "Staleness",
    "s",
    `max(countersign_verifier_staleness_seconds{${IN}})`,
    "Of the verifier with the oldest contact to the API server.",
  ),
  stat(
    "Applications with weak signing",
    "short",
    `max(countersign_weak_signing_applications{${IN}})`,
    "Their signatures may leave a part of a request uncovered.",
  ),
  stacked(
    "Decisions by code",
    "reqps",
    [[rate(DECISIONS, "code"), "{{code}}"]],
    "Allowed, or the code of the denial.",
  ),
  stacked(
    "Denials by code",
    "reqps",
    [[rate(DECISIONS, "code", 'code!="Allowed"'), "{{code}}"]],
    "The same without Allowed.",
  ),
  curves(
    "Denials by Application and API",
    "reqps",
    [
      [
        `topk(20, ${rate("countersign_denials_total", "code, application, api")} > 0)`,
        "{{code}} {{application}} {{api}}",
      ],
    ],
    "The 20 highest rates. The Application is that of the key which a request names; without names no key was known.",
  ),
  stacked(
    "Allowed in Shadow mode by code",
    "reqps",
    [[rate("countersign_shadowed_requests_total", "code"), "{{code}}"]],
    "Requests that were allowed whatever the decision; enforcement would deny those with a code other than Allowed.",
  ),
  stacked(
    "Verified by variant",
    "reqps",
    [[rate("countersign_form_total", "form"), "{{form}}"]],
    "The variant of the string to sign that callers use; documented is the vendor's.",
  ),
  stacked(
    "Verified by algorithm",
    "reqps",
    [[rate("countersign_algorithm_total", "algorithm"), "{{algorithm}}"]],
    "The algorithms in use, which spec.signing.algorithms can restrict.",
  ),
  curves(
    "Decision latency",
    "s",
    [0.5, 0.95, 0.99].map((share) => [quantile(share, LATENCY, ""), `${share * 100} %`] as const),
    "Envoy's timeout is 0.5 s by default.",
  ),
  curves(
    "Use of the one core",
    "percentunit",
    [[rate("countersign_event_loop_active_seconds_total", "instance"), "{{instance}}"]],
    "Near 100 % a process is saturated: add processes.",
  ),
  curves(
    "Staleness by verifier",
    "s",
    [
      [most("countersign_verifier_staleness_seconds", "instance"), "{{instance}}"],
      [`max(countersign_verifier_max_staleness_seconds{${IN}})`, "everything is denied"],
    ],
    "Time since the last contact with the API server.",
  ),
  curves(
    "Callers' clocks",
    "s",
    [
      [quantile(0.5, SKEW, "instance"), "{{instance}} half"],
      [quantile(0.95, SKEW, "instance"), "{{instance}} 95 %"],
    ],
    "Difference between the signed date of verified requests and the verifier's clock.",
  ),
  curves(
    "Signature schemes in use",
    "reqps",
    [[rate("countersign_scheme_total", "application, scheme"), "{{application}} {{scheme}}"]],
    "Verified requests by scheme: a scheme without any can be removed from spec.signing.schemes.",
  ),
  curves(
    "Open variants in use",
    "reqps",
    [[rate("countersign_open_variant_total", "application, variant"), "{{application}} {{variant}}"]],
    "Requests with an unsigned part, by Application.",
  ),
  curves(
    "Near misses",
    "reqps",
    [[rate("countersign_near_miss_total", "setting"), "{{setting}}"]],
    "A sample of denied requests that would verify under another setting; the log names the Application.",
  ),
  curves(
    "Nonce checks",
    "reqps",
    [[rate("countersign_nonce_checks_total", "result"), "{{result}}"]],
    "Replay protection: with mode WhenSent, full and unavailable are requests that were allowed without a check.",
  ),
  curves(
    "Nonce store",
    "s",
    [
      [quantile(0.5, NONCE, "instance"), "{{instance}} half"],
      [quantile(0.99, NONCE, "instance"), "{{instance}} 99 %"],
    ],
    "Time until the nonce store replied.",
  ),
  curves(
    "Nonce store is available",
    "short",
    [[most("countersign_nonce_store_available", "kind, instance"), "{{instance}} {{kind}}"]],
    "1 while nonces can be checked.",
  ),
  curves(
    "Proxy behaviour in Checks",
    "reqps",
    [[rate("countersign_proxy_checks_total", "sign"), "{{sign}}"]],
    "HeadersRaw and BodyWhole are the expected values.",
  ),
  curves(
    "Projections in effect",
    "short",
    [[most("countersign_projections", "kind, instance"), "{{instance}} {{kind}}"]],
    "All verifiers should have the same number. Unreadable projections are ignored.",
  ),
  curves(
    "Certificates expire in",
    "s",
    [[`countersign_tls_certificate_expiry_timestamp_seconds{${IN}} - time()`, "{{instance}} {{file}}"]],
    "Certificates of the connection between Envoy and verifier.",
  ),
  curves(
    "Certificates and connections",
    "ops",
    [
      [rate("countersign_tls_reloads_total", "result"), "reload {{result}}"],
      [rate("countersign_tls_refused_connections_total", "reason"), "refused {{reason}}"],
    ],
    "Reloads of certificates by result, and refused connections by reason.",
  ),
];

const OBJECTS: readonly Panel[] = [
  stat("Leading operators", "short", `sum(countersign_operator_leading{${IN}})`, "One per installation."),
  stat(
    "Not Ready",
    "short",
    `sum(countersign_objects{${IN},ready=~"False|Unknown"})`,
    "Objects whose Ready is False or Unknown.",
  ),
  stat(
    "Expire within a week",
    "short",
    `sum(countersign_expiring{${IN},kind=~"Application|ApiGrant",within="168h"})`,
    "Applications and ApiGrants with such an expiresAt.",
  ),
  stat(
    "Oldest active key",
    "s",
    `max(countersign_active_key_age_seconds{${IN},rank="oldest"})`,
    "Since it was generated or imported.",
  ),
  stat(
    "Longest wait for a verifier",
    "s",
    `max(countersign_acknowledgement_lag_seconds{${IN}})`,
    "The time that deletions, revocations and rotations wait.",
  ),
  stat("Orphans", "short", `max(countersign_orphans{${IN}})`, "Projections without an object."),
  stacked(
    "Objects",
    "short",
    [[total("countersign_objects", "kind, ready"), "{{kind}} {{ready}}"]],
    "By kind and by the status of Ready.",
  ),
  stacked(
    "Key pairs",
    "short",
    [[total("countersign_keys", "state"), "{{state}}"]],
    "Pending keys are not published yet. Retiring keys are still valid.",
  ),
  curves(
    "Expiring soon",
    "short",
    [[most("countersign_expiring", "kind, within"), "{{kind}} within {{within}}"]],
    "Applications, ApiGrants and retiring keys.",
  ),
  curves(
    "Time until the next expiry",
    "s",
    [[most("countersign_next_expiry_seconds", "kind"), "{{kind}}"]],
    "Retiring keys are meant to end.",
  ),
  curves(
    "Age of active keys",
    "s",
    [[most("countersign_active_key_age_seconds", "rank"), "{{rank}}"]],
    "Rotate old keys: more people and systems may have seen them.",
  ),
  curves(
    "Not used for long",
    "short",
    [
      [most("countersign_unused_objects", "kind"), "{{kind}}"],
      [`max(countersign_last_use_waiting_objects{${IN}})`, "waiting to be written"],
    ],
    "Objects with the condition Unused, and statuses that wait for their last use; 0 if last use is not recorded.",
  ),
  curves(
    "Acknowledgement lag",
    "s",
    [[most("countersign_acknowledgement_lag_seconds", "verifier"), "{{verifier}}"]],
    "Age of the oldest change that a verifier has not acknowledged.",
  ),
  stacked(
    "Reconciles",
    "ops",
    [[rate("countersign_reconcile_total", "kind, result"), "{{kind}} {{result}}"]],
    "By kind and result.",
  ),
  curves(
    "Reconcile duration",
    "s",
    [[quantile(0.99, "countersign_reconcile_duration_seconds", "kind"), "{{kind}} 99 %"]],
    "Mostly the API server's time.",
  ),
  curves(
    "Queue",
    "short",
    [
      [most("countersign_queue_depth", "instance"), "{{instance}} objects"],
      [most("countersign_queue_age_seconds", "instance"), "{{instance}} seconds"],
      [most("countersign_workers", "instance"), "{{instance}} workers"],
    ],
    "The number of waiting objects, the wait of the first one, and how many are reconciled concurrently at most.",
  ),
  curves(
    "Verifiers with a Lease",
    "short",
    [[`max by (state) (countersign_verifiers{${IN}})`, "{{state}}"]],
    "Live verifiers, and silent ones (no Lease renewal for 30 s). Deletions and revocations wait for both.",
  ),
  curves(
    "Watches restarted",
    "ops",
    [[rate("countersign_watch_restarts_total", "resource"), "{{resource}}"]],
    "By resource. A few per day are normal.",
  ),
  curves(
    "Memory",
    "bytes",
    [[`process_resident_memory_bytes{${IN}} and on (instance) countersign_build_info`, "{{instance}}"]],
    "Of each process.",
  ),
];

/** The dashboards that the chart ships, by their file names. */
export function dashboards(): Readonly<Record<string, object>> {
  return {
    "countersign.json": dashboard("countersign", "Countersign", TRAFFIC),
    "countersign-objects.json": dashboard("countersign-objects", "Countersign objects", OBJECTS),
  };
}
