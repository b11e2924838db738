/** Series by their names, with values a minute apart, in promtool's notation: `a+bxn` grows by b n times. */
export type Series = Readonly<Record<string, string>>;

/** What an alert must fire on, and something near to it on which it must be silent; both looked at after `minutes`. */
export interface AlertCase {
  readonly minutes: number;
  readonly fires: Series;
  readonly silent: Series;
}

/** Values that stay, for two days. */
const stays = (value: number) => `${value}+0x2880`;
/** So many more a minute. */
const grows = (perMinute: number) => `0+${perMinute}x2880`;

const code = (name: string) => `countersign_decisions_total{code="${name}"}`;
const sign = (name: string) => `countersign_proxy_checks_total{sign="${name}"}`;
const ready = 'countersign_verifier_ready{instance="a"}';
const leading = 'countersign_operator_leading{instance="a"}';
const staleness = 'countersign_verifier_staleness_seconds{instance="a"}';
const bound = 'countersign_verifier_max_staleness_seconds{instance="a"}';

const certificate = 'countersign_tls_certificate_expiry_timestamp_seconds{file="tls.crt"}';

/** A histogram all of whose observations lie between two bounds. */
function histogram(name: string, bounds: readonly string[], below: string): Series {
  let isIn = false;
  return Object.fromEntries(
    bounds.map((bound) => {
      isIn ||= bound === below;
      return [`${name}_bucket{instance="a",le="${bound}"}`, isIn ? grows(60) : stays(0)];
    }),
  );
}

const durations = (below: string) =>
  histogram("countersign_decision_duration_seconds", ["0.001", "0.05", "0.25", "+Inf"], below);
const skews = (below: string) =>
  histogram("countersign_clock_skew_seconds", ["60", "300", "600", "+Inf"], below);
const expiring = (kind: string, within: string) => `countersign_expiring{kind="${kind}",within="${within}"}`;

export const ALERT_CASES: Readonly<Record<string, AlertCase>> = {
  CountersignNoVerifierReady: { minutes: 3, fires: { [ready]: stays(0) }, silent: { [ready]: stays(1) } },
  CountersignVerifierNotReady: {
    minutes: 8,
    fires: { [ready]: stays(0), 'countersign_verifier_ready{instance="b"}': stays(1) },
    silent: { [ready]: "0x4 1x100" },
  },
  CountersignVerifierStale: {
    minutes: 10,
    fires: { [staleness]: stays(1_900), [bound]: stays(3_600) },
    silent: {
      [staleness]: stays(90),
      [bound]: stays(3_600),
      'countersign_verifier_staleness_seconds{instance="standalone"}': stays(5_000),
      'countersign_verifier_max_staleness_seconds{instance="standalone"}': stays(0),
    },
  },
  CountersignDecisionsFail: {
    minutes: 10,
    fires: { [code("Allowed")]: grows(900), [code("InternalError")]: grows(20) },
    silent: {
      [code("Allowed")]: grows(900),
      [code("InternalError")]: grows(5),
      [code("KeyUnknown")]: grows(500),
    },
  },
  CountersignDecisionsSlow: { minutes: 20, fires: durations("0.25"), silent: durations("0.05") },
  CountersignVerifierSaturated: {
    minutes: 20,
    fires: { 'countersign_event_loop_active_seconds_total{instance="a"}': grows(55) },
    silent: { 'countersign_event_loop_active_seconds_total{instance="a"}': grows(30) },
  },
  CountersignProxyMisconfigured: {
    minutes: 40,
    fires: { [sign("Check")]: grows(600), [sign("BodyPartial")]: grows(60) },
    silent: {
      [sign("Check")]: grows(600),
      [sign("BodyPartial")]: grows(6),
      [sign("HeadersRaw")]: grows(600),
    },
  },
  CountersignContextMismatch: {
    minutes: 20,
    fires: { [code("ContextMismatch")]: grows(1) },
    silent: { [code("ContextMismatch")]: stays(7), [code("ApiNotGranted")]: grows(60) },
  },
  CountersignClockSkew: { minutes: 30, fires: skews("300"), silent: skews("60") },
  CountersignDatesOutOfWindow: {
    minutes: 40,
    fires: { [code("Allowed")]: grows(600), [code("DateOutOfWindow")]: grows(60) },
    silent: { [code("Allowed")]: grows(600), [code("DateOutOfWindow")]: grows(6) },
  },
  CountersignNoncesUnchecked: {
    minutes: 30,
    fires: { 'countersign_nonce_checks_total{result="full"}': grows(1) },
    silent: {
      'countersign_nonce_checks_total{result="full"}': stays(0),
      'countersign_nonce_checks_total{result="first"}': grows(600),
    },
  },
  CountersignNearMisses: {
    minutes: 30,
    fires: { 'countersign_near_miss_total{setting="parameters: Decoded"}': "0x10 1x100" },
    silent: { 'countersign_near_miss_total{setting="parameters: Decoded"}': stays(4) },
  },
  CountersignWeakSigningInUse: {
    minutes: 30,
    fires: { 'countersign_open_variant_total{application="a/b",variant="FormNotSigned"}': grows(1) },
    silent: { 'countersign_open_variant_total{application="other",variant="FormNotSigned"}': stays(0) },
  },
  CountersignVerifierShadow: {
    minutes: 20,
    fires: { 'countersign_verifier_shadow{instance="v"}': stays(1) },
    silent: { 'countersign_verifier_shadow{instance="v"}': stays(0) },
  },
  CountersignShadowGrants: {
    minutes: 1_500,
    fires: { 'countersign_verifier_shadow_grants{instance="v"}': stays(2) },
    silent: { 'countersign_verifier_shadow_grants{instance="v"}': stays(0) },
  },
  CountersignProjectionsUnreadable: {
    minutes: 10,
    fires: { 'countersign_projections{kind="unreadable"}': stays(1) },
    silent: {
      'countersign_projections{kind="unreadable"}': stays(0),
      'countersign_projections{kind="ApiGrant"}': stays(9),
    },
  },
  CountersignCertificateEnds: {
    minutes: 30,
    // The test's clock begins with Unix time.
    fires: { [certificate]: stays(6 * 86_400) },
    silent: { [certificate]: stays(60 * 86_400) },
  },
  CountersignCertificateReloadFails: {
    minutes: 15,
    fires: { 'countersign_tls_reloads_total{result="refused"}': "0x5 1x100" },
    silent: { 'countersign_tls_reloads_total{result="loaded"}': grows(1) },
  },
  CountersignVersionsDiffer: {
    minutes: 90,
    fires: {
      'countersign_build_info{version="1.0.0",instance="a"}': stays(1),
      'countersign_build_info{version="1.1.0",instance="b"}': stays(1),
    },
    silent: {
      'countersign_build_info{version="1.1.0",instance="a"}': stays(1),
      'countersign_build_info{version="1.1.0",instance="b"}': stays(1),
    },
  },
  CountersignOperatorNotLeading: {
    minutes: 10,
    fires: { [leading]: stays(0) },
    silent: { [leading]: stays(0), 'countersign_operator_leading{instance="b"}': stays(1) },
  },
  CountersignReconcileErrors: {
    minutes: 30,
    fires: { 'countersign_reconcile_total{kind="ApiGrant",result="error"}': grows(1) },
    silent: {
      'countersign_reconcile_total{kind="ApiGrant",result="error"}': "0x10 3x100",
      'countersign_reconcile_total{kind="ApiGrant",result="done"}': grows(9),
    },
  },
  CountersignQueueStuck: {
    minutes: 10,
    fires: { countersign_queue_age_seconds: stays(200) },
    silent: { countersign_queue_age_seconds: stays(60) },
  },
  CountersignVerifierSilent: {
    minutes: 4,
    fires: {
      'countersign_verifiers{state="silent"}': stays(1),
      'countersign_verifiers{state="live"}': stays(1),
    },
    silent: {
      'countersign_verifiers{state="silent"}': "0x2 1 0x100",
      'countersign_verifiers{state="live"}': stays(2),
    },
  },
  CountersignAcknowledgementLag: {
    minutes: 5,
    fires: { 'countersign_acknowledgement_lag_seconds{verifier="a"}': "0+60x100" },
    silent: { 'countersign_acknowledgement_lag_seconds{verifier="a"}': stays(30) },
  },
  CountersignObjectsNotReady: {
    minutes: 45,
    fires: { 'countersign_objects{kind="Application",ready="False"}': stays(1) },
    silent: {
      'countersign_objects{kind="Application",ready="False"}': "1x10 0x100",
      'countersign_objects{kind="Application",ready="True"}': stays(5),
    },
  },
  CountersignExpiresSoon: {
    minutes: 20,
    fires: { [expiring("Application", "168h")]: stays(1) },
    silent: { [expiring("Application", "168h")]: stays(0), [expiring("Key", "168h")]: stays(3) },
  },
  CountersignExpiresToday: {
    minutes: 20,
    fires: { [expiring("ApiGrant", "24h")]: stays(1) },
    silent: { [expiring("ApiGrant", "24h")]: stays(0), [expiring("ApiGrant", "168h")]: stays(1) },
  },
  CountersignKeysOld: {
    minutes: 90,
    fires: { 'countersign_active_key_age_seconds{rank="oldest"}': stays(400 * 86_400) },
    silent: { 'countersign_active_key_age_seconds{rank="oldest"}': stays(90 * 86_400) },
  },
  CountersignOrphans: {
    minutes: 90,
    fires: { countersign_orphans: stays(2) },
    silent: { countersign_orphans: "2x30 0x100" },
  },
  CountersignWatchesRestart: {
    minutes: 40,
    fires: { 'countersign_watch_restarts_total{resource="secrets"}': grows(2) },
    silent: { 'countersign_watch_restarts_total{resource="secrets"}': "0x10 1x10 2x100" },
  },
};
