/** Everything that doctor can find, and why it matters; docs/troubleshooting.md has a line for each. */
export const WHY = {
  // What doctor could not do.
  "cannot-look": "what cannot be looked at may hide any of the other problems",

  // Envoy: whether the filter is there and fails closed.
  "filter-missing": "requests reach the upstream without a check",
  "filter-disabled": "a filter that is off lets every request through unchecked",
  "filter-speaks-http": "the verifier speaks gRPC only, so every check fails",
  "failure-mode-allow": "requests pass unchecked whenever the verifier does not answer in time",
  "failure-mode-allowed": "Envoy has let requests through unchecked because the verifier did not answer",
  "authz-errors": "Envoy could not ask the verifier, and answered those requests by itself",
  "status-on-error": "callers cannot tell a verifier that is away from a refusal",
  "route-unprotected": "requests of these routes reach the upstream without a check",
  "filter-name-unknown":
    "Envoy ignores settings under a name that no filter has, so the route's API, environment or limits never reach the verifier",
  "filter-order":
    "what changes or answers a request before the check changes what the caller signed, or what comes after the check lacks its result",
  "route-by-identity": "Envoy chooses the route before the check, so a client's own header may choose it",
  "mutations-unbounded": "an answer of the verifier may change any header of the request",
  "envoy-version":
    "older versions have faults in ext_authz and in how paths are understood, which let requests through",

  // Envoy: whether the verifier sees what the caller signed.
  "body-not-forwarded": "requests with a body cannot be verified and are refused with 400 BodyUnverifiable",
  "body-truncated": "a body that was cut cannot be verified, and is refused with 400 BodyUnverifiable",
  "body-sanitised":
    "bodies with bytes that are not UTF-8, or with a `!`, are refused with 400 BodyUnverifiable",
  "body-limit": "bodies that Envoy sends and the verifier does not take are refused",
  "headers-joined":
    "headers with bytes that are not UTF-8 cannot be verified, and two lines of one name look like one",
  "headers-withheld": "a signed header that the verifier does not get makes the signature wrong",
  "path-not-normalised":
    "a path that is written in another way, as /%61dmin, may match a wider grant than the upstream's /admin has",
  "slashes-not-merged": "paths with // are refused with 400 UnsafePath instead of being understood",
  "escaped-slashes": "upstreams differ on what %2F means",
  "headers-with-underscores":
    "some upstreams take x_date for x-date, so a header that nobody checked may count",

  // Envoy: whether the verifier is asked in time, and each of its processes.
  "timeout-too-short": "a busy verifier answers too late, and callers get 503",
  "timeout-too-long": "callers wait that long when a verifier hangs",
  "retry-missing": "requests fail that are under way when a verifier process ends",
  "retry-cuts-tries":
    "Envoy takes max_interval for the time that a single try may last too, and gives up before the timeout",
  "retry-same-host": "the retry may ask the process that just failed",
  "authz-cluster-unknown": "Envoy has nobody to ask, so every request fails",
  "http2-missing": "gRPC needs HTTP/2, so every check fails",
  "health-checks-missing": "a process that hangs, or has no current state, goes on getting requests",
  "health-service":
    "the verifier answers health checks for its own service only, so no endpoint is ever healthy",
  "panic-threshold": "Envoy goes on asking endpoints that say NOT_SERVING when many do",
  "endpoints-too-few":
    "Envoy holds one connection an endpoint, so verifier processes behind a shared one are idle",
  "endpoints-unhealthy": "requests that need these endpoints fail",
  "verifier-plaintext": "whoever is on the network can read requests and ask the verifier",
  "verifier-unverified": "Envoy takes anybody's answer for the verifier's",

  // A verifier process.
  "verifier-not-ready": "it refuses every request with 503",
  "verifier-stale": "it decides by an old state, and refuses everything once --max-staleness is over",
  "verifier-empty": "no request can be allowed without a grant and a domain",
  "verifier-unreadable":
    "objects whose projection cannot be read take part in no decision: the operator is newer than the verifier",
  "verifier-unasked": "no proxy has asked it, so nothing can be said of the proxy from its side",
  "context-never-sent":
    "the API is found by host and path alone; a route that was meant to name its API does not",
  "versions-differ": "parts of different versions may not understand each other's objects",

  // The cluster.
  "crd-missing": "objects of that kind can be neither applied nor enforced",
  "crd-differs": "the API server checks objects by other rules than this version knows",
  "no-verifier": "nothing is enforced, and no object becomes Ready",
  "verifier-silent": "deletions and revocations wait for it until its Lease has expired",
  "verifier-not-synced": "it has not loaded the projections, and refuses every request with 503",
  "no-leader": "changes of Applications, ApiGrants and ApiDomains have no effect",
  "rights-missing": "the operator or the verifier cannot do its work",
  "rights-too-wide": "whoever takes over the process can do more than it needs",
  "admission-policy-missing": "the operator can write foreign Secrets, or a verifier another one's Lease",
  "clock-skew":
    "signatures carry the caller's time and are valid for 15 minutes either way: what the clock is wrong by is taken from that",

  // Answers to probes.
  "probe-unprotected": "a request that nobody signed reached the upstream",
  "probe-refused-elsewhere": "the answer is not the verifier's, so this probe says nothing about it",
  "probe-not-ready": "the verifier, or the way to it, does not work: every caller gets this answer",
} as const;

export type FindingId = keyof typeof WHY;
