/** Every finding of doctor with the reason why it matters. docs/troubleshooting.md has a row for each. */
export const WHY = {
  // Sources that doctor could not read.
  "cannot-look": "a source that could not be read may hide any of the other problems",

  // Envoy: whether the filter exists and fails closed.
  "filter-missing": "requests reach the upstream unchecked",
  "filter-disabled": "every request passes unchecked while the filter is off",
  "filter-speaks-http": "the verifier speaks gRPC only, so every check fails",
  "failure-mode-allow": "requests pass unchecked whenever the verifier does not reply in time",
  "failure-mode-allowed": "Envoy has let requests through unchecked because the verifier did not reply",
  "authz-errors": "Envoy got no decision from the verifier, and replied to those requests itself",
  "status-on-error": "callers cannot distinguish an unavailable verifier from a denial",
  "route-unprotected": "requests of these routes reach the upstream unchecked",
  "filter-name-unknown":
    "Envoy ignores settings under a name that no filter has, so the route's API, environment or limits never reach the verifier",
  "filter-order":
    "a filter before the check may change what the caller signed or reply in the verifier's place, and a filter after it may lack its result",
  "route-by-identity":
    "Envoy selects the route before the check, so a header that the client sent may select it",
  "mutations-unbounded": "a reply of the verifier may change any header of the request",
  "envoy-version": "older versions have bugs in ext_authz and in path handling that let requests through",

  // Envoy: whether the verifier receives what the caller signed.
  "body-not-forwarded": "requests with a body cannot be verified and are denied with 400 BodyUnverifiable",
  "body-truncated": "a truncated body cannot be verified and is denied with 400 BodyUnverifiable",
  "body-sanitised":
    "bodies with bytes that are not UTF-8, or with a `!`, are denied with 400 BodyUnverifiable",
  "body-limit": "bodies that Envoy forwards and the verifier does not accept are denied",
  "headers-joined":
    "headers with bytes that are not UTF-8 cannot be verified, and two lines of one name look like one",
  "headers-withheld": "the signature cannot match when the verifier does not receive a signed header",
  "path-not-normalised":
    "a path in another spelling, such as /%61dmin, may match a wider grant than /admin, which the upstream reads",
  "slashes-not-merged": "paths with // are denied with 400 UnsafePath instead of being normalised",
  "escaped-slashes": "upstreams differ in how they interpret %2F",
  "headers-with-underscores":
    "some upstreams read x_date as x-date, so a header that was not checked may take effect",

  // Envoy: whether the verifier is asked in time, and each of its processes.
  "timeout-too-short": "a busy verifier replies too late, and callers get 503",
  "timeout-too-long": "callers wait this long when a verifier hangs",
  "retry-missing": "requests in flight fail when a verifier process ends",
  "retry-cuts-tries":
    "Envoy applies max_interval as the limit of a single try too, and gives up before the timeout",
  "retry-same-host": "the retry may go to the process that just failed",
  "authz-cluster-unknown": "Envoy has no verifier to ask, so every request fails",
  "http2-missing": "gRPC needs HTTP/2, so every check fails",
  "health-checks-missing": "a process that hangs, or has no current state, keeps receiving requests",
  "health-service":
    "the verifier reports health for its own service only, so Envoy considers no endpoint healthy",
  "panic-threshold": "when many endpoints report NOT_SERVING, Envoy sends requests to them anyway",
  "endpoints-too-few":
    "Envoy keeps one connection per endpoint, so verifier processes behind a shared endpoint are idle",
  "endpoints-unhealthy": "requests that need these endpoints fail",
  "verifier-plaintext": "anyone on the network can read requests and query the verifier",
  "verifier-unverified": "Envoy accepts the reply of any server as the verifier's",

  // A verifier process.
  "verifier-not-ready": "it denies every request with 503",
  "verifier-stale": "it decides by stale state, and denies everything once --max-staleness has passed",
  "verifier-empty": "no request can be allowed without an Application, an ApiGrant and an ApiDomain",
  "verifier-unreadable":
    "objects whose projection cannot be read take part in no decision: the operator is newer than the verifier",
  "verifier-shadow": "it allows every request that it decides, also those that it would deny",
  "grants-shadow":
    "requests for paths that only these grants name are allowed, also those that would be denied",
  "nonce-store-away":
    "requests with a nonce are denied where replay protection is Required, and allowed unchecked where it is WhenSent",
  "nonces-not-shared": "each verifier allows a request with a nonce once, so it can be sent to each of them",
  "verifier-unasked": "no proxy has sent it a Check, so its metrics show nothing about the proxy",
  "context-never-sent":
    "the API is found by host and path alone; a route that was meant to name its API does not",
  "versions-differ": "components of different versions may not understand each other's objects",

  // The Kubernetes cluster.
  "crd-missing": "objects of this kind can be neither applied nor enforced",
  "crd-differs": "the API server validates objects by other rules than this version knows",
  "no-verifier": "nothing is enforced, and no object becomes Ready",
  "verifier-silent": "deletions and revocations wait for it until its Lease expires",
  "verifier-not-synced": "it has not loaded the projections, and denies every request with 503",
  "no-leader": "changes of Applications, ApiGrants and ApiDomains have no effect",
  "rights-missing": "the operator or the verifier cannot do its work",
  "rights-too-wide": "an attacker who controls the process can do more than it needs",
  "admission-policy-missing":
    "the operator can write Secrets that are not its own, or a verifier the Lease of another one",
  "clock-skew":
    "signatures carry the caller's time and are valid for 15 minutes either way; clock skew shortens that",

  // Responses to probes.
  "probe-unprotected": "a request without a valid signature reached the upstream",
  "probe-refused-elsewhere": "the response is not the verifier's, so this probe shows nothing about it",
  "probe-not-ready": "the verifier, or the connection to it, does not work: every caller gets this response",
} as const;

export type FindingId = keyof typeof WHY;
