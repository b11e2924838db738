/** One row per rule of the API: what is applied (over what, where a rule looks at the old object), and the error message. The API server and standalone must both agree. */
export interface ApiCase {
  readonly kind: "Application" | "ApiGrant" | "ApiDomain";
  readonly name?: string;
  readonly spec: object;
  readonly old?: object;
  /** Part of the refusal; absent when the object is accepted. */
  readonly refused?: string;
  /** Part of the spec after defaulting. */
  readonly becomes?: object;
}

const grant = {
  environment: "release",
  apis: [{ name: "orders", hosts: ["api.example.com"], paths: [{ value: "/orders" }] }],
  applications: [{ name: "mobile-app" }],
};
const api = (change: object) => ({ ...grant, apis: [{ ...grant.apis[0], ...change }] });
const path = (type: string, value: string) => api({ paths: [{ type, value }] });
const caller = (entry: object) => ({ ...grant, applications: [entry] });
const domain = { hosts: ["api.example.com"], namespaces: { names: ["team-shop"] } };
const environments = (...list: [string, string][]) => ({
  ...domain,
  environments: list.map(([name, pathPrefix]) => ({ name, pathPrefix })),
});
const application = (spec: object, refused?: string): ApiCase => ({
  kind: "Application",
  spec,
  ...(refused ? { refused } : {}),
});
const credentials = (of: object, refused?: string) => application({ credentials: of }, refused);
const signing = (of: object, refused?: string) => application({ signing: of }, refused);
const publicKey = {
  keyId: "laptop",
  algorithm: "ed25519",
  publicKey: "-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n",
};
const publicKeys = (list: readonly object[], refused?: string, schemes = ["HTTPMessageSignatures"]) =>
  application({ credentials: { publicKeys: list }, signing: { schemes } }, refused);
const grants = (spec: object, refused?: string): ApiCase => ({
  kind: "ApiGrant",
  spec,
  ...(refused ? { refused } : {}),
});
const domains = (spec: object, refused?: string): ApiCase => ({
  kind: "ApiDomain",
  spec,
  ...(refused ? { refused } : {}),
});

const APPLICATIONS: Record<string, ApiCase> = {
  "an empty Application gets its defaults": {
    ...application({}),
    becomes: {
      suspended: false,
      credentials: { source: "Generated" },
      signing: { schemes: ["Tencent"], clockSkew: "900s", parameters: "Auto" },
    },
  },
  "every field of an Application": application({
    displayName: "Mobile app",
    description: "calls",
    suspended: true,
    expiresAt: "2027-01-01T00:00:00Z",
    credentials: {
      secretName: "pair",
      source: "Generated",
      rotation: { interval: "2160h", overlap: "168h", requestedAt: "2026-11-24T09:00:00+08:00" },
      revokedKeys: ["APIDold"],
    },
    signing: {
      algorithms: ["hmac-sha256", "hmac-sm3"],
      clockSkew: "15m",
      parameters: "Either",
      openVariants: ["JoinedValues"],
    },
  }),
  "an imported pair with a reminder to rotate": application({
    credentials: { source: "Imported", importFrom: { name: "a" }, rotation: { remindAfter: "2160h" } },
  }),
  "invalid because a reminder comes within the hour": application(
    { credentials: { rotation: { remindAfter: "30m" } } },
    "remindAfter is a duration of at least 1h",
  ),
  "an Application with replay protection": application({ replayProtection: { mode: "Required" } }),
  "an Application whose window is twice its clock skew": application({
    signing: { clockSkew: "5m" },
    replayProtection: { mode: "WhenSent", window: "600s" },
  }),
  "invalid because the window is shorter than twice the default clock skew": application(
    { replayProtection: { mode: "WhenSent", window: "1799s" } },
    "raise window, lower clockSkew, or remove window",
  ),
  "invalid because the window is shorter than twice the clock skew": application(
    { signing: { clockSkew: "5m" }, replayProtection: { mode: "Required", window: "599s" } },
    "window must be at least twice signing.clockSkew",
  ),
  "invalid because the window of an Application is longer than a day": application(
    { replayProtection: { mode: "Required", window: "25h" } },
    "window is a duration between 1s and 24h",
  ),
  "invalid because the mode of replay protection is unknown": application(
    { replayProtection: { mode: "On" } },
    "WhenSent",
  ),
  "invalid because replay protection has no mode": application(
    { replayProtection: { window: "1h" } },
    "mode",
  ),
  "invalid because className is no DNS label": application(
    { className: "In ternal" },
    "className must be a DNS label",
  ),
  "invalid because className changes": {
    ...application({ className: "internal" }, "className is immutable"),
    old: { className: "external" },
  },
  "invalid because className is added": {
    ...application({ className: "internal" }, "className is immutable"),
    old: {},
  },
  "invalid because className is taken away": {
    ...application({}, "className is immutable"),
    old: { className: "internal" },
  },
  "an edit that keeps className": {
    ...application({ className: "internal", suspended: true }),
    old: { className: "internal" },
  },
  "invalid because a field is unknown": application({ suspend: true }, "suspend"),
  "invalid because suspended is text": application({ suspended: "soon" }, "boolean"),
  "invalid because the name is longer than 63 characters": {
    ...application({}, "at most 63 characters"),
    name: "a".repeat(64),
  },
  "invalid because displayName is longer than 63 characters": application(
    { displayName: "x".repeat(64) },
    "63",
  ),
  "invalid because expiresAt has no zone": application({ expiresAt: "2027-01-01T00:00:00" }, "RFC 3339 time"),
  "invalid because expiresAt is a date": application(
    { expiresAt: "2027-01-01" },
    "for example 2027-01-01T00:00:00Z",
  ),
  "invalid because expiresAt is a day that does not exist": application(
    { expiresAt: "2027-02-29T00:00:00Z" },
    "RFC 3339 time",
  ),
  "a leap day": application({ expiresAt: "2028-02-29T00:00:00Z" }),
  "invalid because an imported pair has no importFrom": credentials(
    { source: "Imported" },
    "importFrom.name is required when source is Imported",
  ),
  "invalid because a generated pair has importFrom": credentials(
    { importFrom: { name: "a" } },
    "set source to Imported or remove importFrom",
  ),
  "an imported pair": credentials({
    source: "Imported",
    importFrom: { name: "old-key-pair" },
    rotation: { overlap: "1h" },
  }),
  "an imported pair that may be short": credentials({
    source: "Imported",
    importFrom: { name: "old-key-pair" },
    allowShortSecret: true,
  }),
  "invalid because a generated pair has allowShortSecret": credentials(
    { allowShortSecret: true },
    "allowShortSecret is allowed only when source is Imported",
  ),
  "invalid because an imported pair has a rotation interval": credentials(
    { source: "Imported", importFrom: { name: "a" }, rotation: { interval: "24h" } },
    "rotated by changing the Secret",
  ),
  "invalid because the Secret read is the Secret written": credentials(
    { source: "Imported", importFrom: { name: "a" }, secretName: "a" },
    "importFrom.name and secretName must differ",
  ),
  "invalid because source is unknown": credentials({ source: "Vault" }, "Generated"),
  "invalid because secretName is no Secret name": credentials(
    { secretName: "My_Secret" },
    "secretName must be a Secret name",
  ),
  "invalid because importFrom.name is no Secret name": credentials(
    { source: "Imported", importFrom: { name: "My_Secret" } },
    "importFrom.name must be a Secret name",
  ),
  "invalid because overlap is not shorter than interval": credentials(
    { rotation: { interval: "2h", overlap: "2h" } },
    "lower overlap, or raise interval",
  ),
  "invalid because interval is under an hour": credentials({ rotation: { interval: "59m" } }, "at least 1h"),
  "invalid because interval is in days": credentials(
    { rotation: { interval: "90 days" } },
    "for example 2160h for 90 days",
  ),
  "invalid because overlap is an ISO duration": credentials(
    { rotation: { overlap: "P7D" } },
    "for example 168h for 7 days",
  ),
  "invalid because requestedAt is no time": credentials(
    { rotation: { requestedAt: "now" } },
    "requestedAt is an RFC 3339 time",
  ),
  "invalid because a key is revoked twice": credentials({ revokedKeys: ["a", "a"] }, "Duplicate value"),
  "invalid because more than 64 keys are revoked": credentials(
    { revokedKeys: Array.from({ length: 65 }, (_, index) => `k${index}`) },
    "64",
  ),
  "invalid because an algorithm is unknown": signing({ algorithms: ["hmac-md5"] }, "hmac-sha1"),
  "a public key": publicKeys([publicKey]),
  "a public key with an end": publicKeys([{ ...publicKey, expiresAt: "2027-01-01T00:00:00Z" }]),
  "no public key, under any scheme": publicKeys([], undefined, ["Tencent"]),
  "invalid because public keys need their scheme": publicKeys(
    [publicKey],
    "credentials.publicKeys needs the scheme HTTPMessageSignatures: add it to signing.schemes, or remove the keys",
    ["Tencent"],
  ),
  "invalid because two public keys have one keyId": publicKeys([publicKey, publicKey], "uplicate"),
  "invalid because of a keyId with a blank": publicKeys(
    [{ ...publicKey, keyId: "a b" }],
    "keyId has 1 to 64 letters, digits, '_' and '-'",
  ),
  "invalid because of an algorithm without a public key": publicKeys(
    [{ ...publicKey, algorithm: "hmac-sha256" }],
    "ecdsa-p256-sha256",
  ),
  "invalid because of a private key": publicKeys(
    [{ ...publicKey, publicKey: "-----BEGIN PRIVATE KEY-----" }],
    "publicKey begins with -----BEGIN PUBLIC KEY-----: never write a private key here",
  ),
  "invalid because a public key has no end that exists": publicKeys(
    [{ ...publicKey, expiresAt: "2027-02-30T00:00:00Z" }],
    "expiresAt is an RFC 3339 time with its zone",
  ),
  "algorithms of every listed scheme": signing({
    schemes: ["Tencent", "HTTPMessageSignatures"],
    algorithms: ["hmac-sha512", "ed25519"],
  }),
  "invalid because HTTPMessageSignatures has none of the algorithms": signing(
    { schemes: ["HTTPMessageSignatures"], algorithms: ["hmac-sm3"] },
    "HTTPMessageSignatures has the algorithms hmac-sha256, ed25519 and ecdsa-p256-sha256, so list one of them",
  ),
  "invalid because Tencent has none of the algorithms": signing(
    { schemes: ["Tencent", "HTTPMessageSignatures"], algorithms: ["ed25519"] },
    "Tencent has the hmac algorithms alone, so list one of them",
  ),
  "invalid because TencentKeyPair has none of the algorithms": signing(
    { schemes: ["TencentKeyPair", "HTTPMessageSignatures"], algorithms: ["ed25519"] },
    "TencentKeyPair has the hmac algorithms alone, so list one of them",
  ),
  "valid with the key pair authentication of the vendor's gateway": signing({
    schemes: ["Tencent", "TencentKeyPair"],
    algorithms: ["hmac-sha1"],
  }),
  "invalid because a scheme is unknown": signing({ schemes: ["AWS4"] }, "AlibabaCA"),
  "invalid because no scheme is listed": signing({ schemes: [] }, "1"),
  "invalid because a scheme is listed twice": signing({ schemes: ["Tencent", "Tencent"] }, "uplicate"),
  "invalid because a scheme has none of the algorithms": signing(
    { schemes: ["Tencent", "AlibabaCA"], algorithms: ["hmac-sm3"] },
    "no request could be signed",
  ),
  "valid with a scheme that has one of the algorithms": signing({
    schemes: ["AlibabaCA"],
    algorithms: ["hmac-sm3", "hmac-sha1"],
  }),
  "invalid because algorithms is empty": signing({ algorithms: [] }, "1"),
  "P10: invalid because clockSkew is over 900s": signing(
    { clockSkew: "901s" },
    "clockSkew is a duration between 1s and 900s",
  ),
  "P10: invalid because clockSkew is zero": signing(
    { clockSkew: "0s" },
    "clockSkew is a duration between 1s and 900s",
  ),
  "P10: invalid because clockSkew is negative": signing(
    { clockSkew: "-1s" },
    "clockSkew is a duration between 1s and 900s",
  ),
  "invalid because parameters is unknown": signing({ parameters: "Raw" }, "AsSent"),
  "invalid because an open variant is unknown": signing(
    { openVariants: ["QueryNotSigned"] },
    "RepeatedNames",
  ),
};

const GRANTS: Record<string, ApiCase> = {
  "a grant gets its defaults": { ...grants(grant), becomes: { suspended: false, enforcement: "Enforce" } },
  "a grant in Shadow mode": grants({ ...grant, enforcement: "Shadow" }),
  "a grant that is switched from Shadow to Enforce": {
    ...grants({ ...grant, enforcement: "Enforce" }),
    old: { ...grant, enforcement: "Shadow" },
  },
  "invalid because the enforcement is unknown": grants({ ...grant, enforcement: "DryRun" }, "Shadow"),
  "every field of a grant": grants({
    ...api({
      methods: ["GET", "POST"],
      paths: [
        { type: "Template", value: "/users/{id}" },
        { type: "Exact", value: "/x" },
      ],
    }),
    applications: [
      { name: "a" },
      {
        selector: {
          matchLabels: { tier: "internal" },
          matchExpressions: [{ key: "a/b", operator: "In", values: ["c"] }],
        },
      },
      { applicationId: "app-k3v9x0q2", namespace: "team-partner" },
    ],
    notBefore: "2026-01-01T00:00:00Z",
    expiresAt: "2027-01-01T00:00:00Z",
    suspended: true,
    plan: "gold",
  }),
  "targetRefs instead of hosts and paths": grants({
    ...grant,
    apis: [{ name: "orders" }],
    targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "orders" }],
  }),
  "invalid because targetRefs come with hosts": grants(
    { ...grant, targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "orders" }] },
    "exactly one entry of apis, without hosts and paths",
  ),
  "invalid because targetRefs come with two apis": grants(
    {
      ...grant,
      apis: [{ name: "a" }, { name: "b" }],
      targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "orders" }],
    },
    "exactly one entry of apis",
  ),
  "invalid because a target is no HTTPRoute": grants(
    {
      ...grant,
      apis: [{ name: "a" }],
      targetRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "g" }],
    },
    "HTTPRoute",
  ),
  "invalid because it has no spec.environment": grants(
    { apis: grant.apis, applications: grant.applications },
    "environment",
  ),
  "invalid because environment is no DNS label": grants(
    { ...grant, environment: "Release" },
    "environment must be a DNS label",
  ),
  "invalid because environment changes": {
    ...grants({ ...grant, environment: "test" }, "environment is immutable"),
    old: grant,
  },
  "an edit that leaves environment alone": { ...grants({ ...grant, suspended: true }), old: grant },
  "invalid because an api has no paths": grants(
    { ...grant, apis: [{ name: "a", hosts: ["a.b"] }] },
    "needs hosts and paths",
  ),
  "invalid because two apis have one name": grants(
    { ...grant, apis: [grant.apis[0], grant.apis[0]] },
    "Duplicate value",
  ),
  "invalid because an api's name is no DNS label": grants(
    api({ name: "Orders" }),
    "name must be a DNS label",
  ),
  "invalid because there are 33 apis": grants(
    { ...grant, apis: Array.from({ length: 33 }, (_, index) => ({ ...grant.apis[0], name: `a${index}` })) },
    "32",
  ),
  "a wildcard host": grants(api({ hosts: ["*.example.com"] })),
  "P3: invalid because a host is in upper case": grants(
    api({ hosts: ["API.example.com"] }),
    "lower-case DNS name",
  ),
  "P3: invalid because a host has a port": grants(
    api({ hosts: ["api.example.com:443"] }),
    "no scheme, port or path",
  ),
  "invalid because a host is an address": grants(api({ hosts: ["127.0.0.1"] }), "lower-case DNS name"),
  "invalid because the wildcard is not a whole label": grants(
    api({ hosts: ["a*.example.com"] }),
    "whole first label",
  ),
  "invalid because a host is named twice": grants(api({ hosts: ["a.b", "a.b"] }), "Duplicate value"),
  "invalid because a path does not begin with a slash": grants(
    path("Exact", "orders"),
    "a path begins with /",
  ),
  "P1: invalid because a path holds //": grants(path("Exact", "/a//b"), "must not hold //"),
  "P1: invalid because a path holds a dot segment": grants(path("Exact", "/a/../b"), "segments . and .."),
  "P1: invalid because a path ends in a dot segment": grants(path("PathPrefix", "/a/."), "segments . and .."),
  "P1: invalid because a path holds an escaped slash": grants(
    path("Exact", "/a%2Fb"),
    "requests with an escaped / \\ or . are always denied",
  ),
  "P1: invalid because a path holds an escaped dot": grants(
    path("Exact", "/a%2Eb"),
    "write other characters",
  ),
  "P1: invalid because a path holds an escaped percent sign": grants(path("Exact", "/%2541"), "an escape in"),
  "P1: invalid because a path holds half an escape": grants(path("Exact", "/100%"), "an escape in a path is"),
  "P1: invalid because a path holds a semicolon": grants(path("Exact", "/a;b"), "none of ? # ;"),
  "invalid because a path holds a query": grants(path("Exact", "/a?b=c"), "none of ? # ;"),
  "invalid because a path holds a backslash": grants(path("Exact", "/a\\b"), "none of ? # ; \\"),
  "invalid because a path holds a blank": grants(path("Exact", "/a b"), "write blanks and other characters"),
  "invalid because a path holds characters beyond ASCII as they are": grants(
    path("PathPrefix", "/订单"),
    "percent-encoded as UTF-8 with upper-case hex digits",
  ),
  "invalid because an escape is in lower case": grants(
    path("PathPrefix", "/%e8%ae%a2"),
    "with upper-case hex digits",
  ),
  "invalid because an escape is not needed": grants(path("PathPrefix", "/%61dmin"), "as they are"),
  "invalid because escapes are GBK and not UTF-8": grants(path("Exact", "/%B6%A9%B5%A5"), "as UTF-8"),
  "P1: invalid because escapes are UTF-8 that is longer than necessary": grants(
    path("Exact", "/%C0%AE%C0%AE"),
    "as UTF-8",
  ),
  "P1: invalid because escapes are UTF-8 of three bytes for a slash": grants(
    path("Exact", "/%E0%80%AF"),
    "as UTF-8",
  ),
  "invalid because escapes are half of a character": grants(path("Exact", "/%E8%AE"), "as UTF-8"),
  "invalid because escapes are a surrogate": grants(path("Exact", "/%ED%A0%80"), "as UTF-8"),
  "a path of characters beyond ASCII, in the spelling that callers send": grants(
    path("PathPrefix", "/%E8%AE%A2%E5%8D%95"),
  ),
  "a path of characters of two and of four bytes": grants(path("Exact", "/caf%C3%A9/%F0%9F%9B%92")),
  "a path of characters that a path cannot hold as they are": grants(
    path("Exact", "/%20%22%3C%3E%5B%5D%5E%60%7B%7C%7D"),
  ),
  "a template with escapes": grants(path("Template", "/%E8%AE%A2%E5%8D%95/{id}")),
  "invalid because a path is longer than 512 characters": grants(path("Exact", `/${"a".repeat(512)}`), "512"),
  "invalid because a prefix holds braces": grants(path("PathPrefix", "/users/{id}"), "set type to Template"),
  "invalid because a variable is part of a segment": grants(
    path("Template", "/users/x{id}"),
    "a variable is a name in braces and one whole segment",
  ),
  "invalid because a prefix ends with a wildcard": grants(
    path("PathPrefix", "/orders/*"),
    "type PathPrefix with /orders covers /orders and everything below it",
  ),
  "invalid because a path holds wildcards of a glob": grants(path("Exact", "/**/orders"), "has no wildcards"),
  "invalid because a template holds a wildcard": grants(path("Template", "/users/*/orders"), "one segment"),
  "invalid because a variable is written with a colon": grants(
    path("PathPrefix", "/users/:id"),
    "needs type Template, such as /users/{id}",
  ),
  "invalid because a template's variable is written with a colon": grants(
    path("Template", "/users/:id/orders"),
    "a variable is written {id}",
  ),
  "invalid because a variable is written in angle brackets": grants(
    path("Exact", "/users/<int:id>"),
    "a variable is written {id}",
  ),
  "invalid because a variable is greedy": grants(
    path("Template", "/orders/{proxy+}"),
    "type PathPrefix stands for everything below",
  ),
  "invalid because an exact path holds a variable": grants(
    path("Exact", "/users/{id}"),
    "set type to Template",
  ),
  "invalid because a path is a regular expression": grants(
    path("Exact", "/users/[0-9]+"),
    "a path is no regular expression: type Template",
  ),
  "invalid because a path holds alternatives": grants(path("Exact", "/(orders|refunds)"), "no regular exp"),
  "invalid because a path is anchored": grants(path("Exact", "/orders$"), "no regular expression"),
  "invalid because a path holds any character": grants(path("PathPrefix", "/orders/.+"), "no regular exp"),
  "invalid because a group is repeated": grants(path("PathPrefix", "/orders(/7)+"), "no regular expression"),
  "invalid because a path is a regular expression from its begin": grants(
    path("Exact", "^/orders"),
    "begins with / and is no regular expression",
  ),
  "invalid because a path has nginx's modifier of a regular expression": grants(
    path("Exact", "~* /orders"),
    "begins with / and is no regular expression",
  ),
  "invalid because a path has the vendor's modifier of an exact path": grants(
    path("PathPrefix", "=/user"),
    "instead of = write type Exact, and the path without it",
  ),
  "invalid because a path has the vendor's modifier of a prefix": grants(
    path("Exact", "^~/user"),
    "instead of ^~ write type PathPrefix, and the path without it",
  ),
  "a path with characters that are patterns elsewhere, but not here": grants(
    path("Exact", "/$batch/Products(1)/c++/v1:search/~me/a,b=c&d!e'f@g/x-y/.well-known"),
  ),
  "an exact path in the vendor's notation": grants(path("TencentPath", "=/user")),
  "a marked prefix in the vendor's notation": grants(path("TencentPath", "^~/user/")),
  "a plain prefix in the vendor's notation": grants(path("TencentPath", "/")),
  "a plain prefix with escapes and dots in the vendor's notation": grants(
    path("TencentPath", "/%E8%AE%A2/v1.2,a=b&c!d'e@f~g-h_i"),
  ),
  "variables in the vendor's notation, whole segments and parts of them": grants(
    path("TencentPath", "/{X-NameSpace-Code}/file/{name}.json/{_1}"),
  ),
  "invalid because a TencentPath does not begin with a slash": grants(
    path("TencentPath", "user"),
    "a TencentPath begins with /, =/ or ^~/",
  ),
  "invalid because a TencentPath has nginx's modifier of a regular expression": grants(
    path("TencentPath", "~/user"),
    "regular expressions are not accepted",
  ),
  "invalid because a TencentPath has a blank behind its mark": grants(
    path("TencentPath", "= /user"),
    "a TencentPath begins with /, =/ or ^~/",
  ),
  "invalid because a TencentPath has two marks": grants(
    path("TencentPath", "^~=/user"),
    "a TencentPath begins with /, =/ or ^~/",
  ),
  "invalid because a TencentPath is anchored": grants(
    path("TencentPath", "/user$"),
    "a TencentPath is no regular expression",
  ),
  "invalid because a TencentPath holds a set": grants(
    path("TencentPath", "/user/[0-9]"),
    "a TencentPath is no regular expression",
  ),
  "invalid because a TencentPath holds a group": grants(
    path("TencentPath", "/(a|b)"),
    "a TencentPath is no regular expression",
  ),
  "invalid because a TencentPath repeats": grants(
    path("TencentPath", "/a+"),
    "a TencentPath is no regular expression",
  ),
  "invalid because a TencentPath holds a wildcard": grants(
    path("TencentPath", "/user/*"),
    "write each path that it stands for, with type Exact or PathPrefix",
  ),
  "invalid because a TencentPath holds ^ behind its begin": grants(
    path("TencentPath", "^~/user^"),
    "a TencentPath is no regular expression",
  ),
  "invalid because a TencentPath holds a question mark": grants(
    path("TencentPath", "/users?"),
    "a path holds none of ? # ;",
  ),
  "invalid because a TencentPath writes a variable with a colon": grants(
    path("TencentPath", "/user/:id"),
    "a variable is written {id}",
  ),
  "invalid because a brace of a TencentPath is open": grants(
    path("TencentPath", "/user/{id"),
    "in a TencentPath a variable is a name in braces",
  ),
  "invalid because a variable of a TencentPath has no name": grants(
    path("TencentPath", "/user/{}"),
    "in a TencentPath a variable is a name in braces",
  ),
  "invalid because a variable of a TencentPath is a regular expression": grants(
    path("TencentPath", "/user/{id:[0-9]}"),
    "in a TencentPath a variable is a name in braces",
  ),
  "invalid because two variables of a TencentPath touch": grants(
    path("TencentPath", "/user/{a}{b}"),
    "with at least one character between two variables",
  ),
  "invalid because an exact TencentPath has a variable": grants(
    path("TencentPath", "=/user/{id}"),
    "a TencentPath has no variables behind = and ^~",
  ),
  "invalid because a marked TencentPath has a variable": grants(
    path("TencentPath", "^~/user/{id}"),
    "a TencentPath has no variables behind = and ^~",
  ),
  "P1: invalid because a TencentPath holds //": grants(path("TencentPath", "=//a"), "must not hold //"),
  "P1: invalid because a TencentPath holds a dot segment": grants(
    path("TencentPath", "^~/a/../b"),
    "segments . and ..",
  ),
  "P1: invalid because a TencentPath holds an escaped slash": grants(
    path("TencentPath", "/a%2F{b}"),
    "requests with an escaped / \\ or . are always denied",
  ),
  "invalid because a TencentPath is longer than 512 characters": grants(
    path("TencentPath", `=/${"a".repeat(511)}`),
    "512",
  ),
  "invalid because methods are ANY": grants(api({ methods: ["ANY"] }), "leave methods out"),
  "invalid because a path type is unknown": grants(path("RegularExpression", "/a"), "PathPrefix"),
  "invalid because a method is in lower case": grants(api({ methods: ["get"] }), "written in upper case"),
  "invalid because it names no application": grants({ ...grant, applications: [] }, "1"),
  "invalid because an entry names two things": grants(
    caller({ name: "a", applicationId: "app-k3v9x0q2" }),
    "exactly one of name, selector and applicationId",
  ),
  "invalid because an entry names nothing": grants(
    caller({}),
    "exactly one of name, selector and applicationId",
  ),
  "invalid because a name is pinned to a namespace": grants(
    caller({ name: "a", namespace: "b" }),
    "allowed only beside applicationId",
  ),
  "invalid because an applicationId is malformed": grants(
    caller({ applicationId: "app-K3V9" }),
    "app- and eight lower-case letters or digits",
  ),
  "invalid because a selector is empty": grants(caller({ selector: {} }), "selector must not be empty"),
  "invalid because a label is malformed": grants(
    caller({ selector: { matchLabels: { "a b": "c" } } }),
    "that is no label",
  ),
  "invalid because In has no values": grants(
    caller({ selector: { matchExpressions: [{ key: "a", operator: "In" }] } }),
    "values are required for In and NotIn",
  ),
  "invalid because it ends before it begins": grants(
    { ...grant, notBefore: "2027-01-01T00:00:00Z", expiresAt: "2027-01-01T00:00:00+08:00" },
    "notBefore must be earlier than expiresAt",
  ),
  "invalid because className of a grant changes": {
    ...grants({ ...grant, className: "internal" }, "className is immutable"),
    old: grant,
  },
  "invalid because plan holds a blank": grants({ ...grant, plan: "very gold" }, "plan is letters, digits"),
};

const DOMAINS: Record<string, ApiCase> = {
  "a domain gets one environment": {
    ...domains(domain),
    becomes: { environments: [{ name: "release", pathPrefix: "/" }] },
  },
  "invalid because className of a domain changes": {
    ...domains({ ...domain, className: "internal" }, "className is immutable"),
    old: domain,
  },
  "a domain with replay protection": domains({
    ...domain,
    replayProtection: { mode: "Required", window: "15m" },
  }),
  "invalid because the window of a domain is no duration": domains(
    { ...domain, replayProtection: { mode: "WhenSent", window: "900" } },
    "window is a duration between 1s and 24h",
  ),
  "a domain with a selector": domains({
    hosts: ["*.example.com"],
    namespaces: { selector: { matchLabels: { team: "shop" } } },
  }),
  "one environment under two prefixes": domains(
    environments(["release", "/"], ["release", "/release"], ["test", "/test"]),
  ),
  "invalid because it gives hosts to no namespace": domains(
    { hosts: ["a.b"], namespaces: {} },
    "exactly one of names and selector",
  ),
  "invalid because it has names and a selector": domains(
    { hosts: ["a.b"], namespaces: { names: ["a"], selector: { matchLabels: { a: "b" } } } },
    "exactly one of names and selector",
  ),
  "invalid because it has no hosts": domains({ ...domain, hosts: [] }, "1"),
  "invalid because a host of a domain is in upper case": domains(
    { ...domain, hosts: ["A.b"] },
    "lower-case DNS name",
  ),
  "invalid because two environments share a prefix": domains(
    environments(["a", "/x"], ["b", "/x"]),
    "Duplicate value",
  ),
  "invalid because one environment lies under another": domains(
    environments(["a", "/x"], ["b", "/x/y"]),
    "may lie under another one's",
  ),
  "prefixes that share letters but no segment": domains(environments(["a", "/x"], ["b", "/xy"])),
  "invalid because a prefix ends with a slash": domains(
    environments(["a", "/x/"]),
    "without a slash at the end",
  ),
  "invalid because a prefix holds a dot segment": domains(environments(["a", "/x/.."]), "segments . and .."),
  "invalid because an environment's name is no DNS label": domains(
    environments(["Test", "/x"]),
    "name must be a DNS label",
  ),
  "invalid because a domain's name is longer than 63 characters": {
    ...domains(domain, "at most 63 characters"),
    name: "a".repeat(64),
  },
};

export const API_CASES: Readonly<Record<string, ApiCase>> = { ...APPLICATIONS, ...GRANTS, ...DOMAINS };

/** The object of a case, of the given name. */
export function objectOf(
  { kind, spec }: ApiCase,
  name: string,
): { apiVersion: string; kind: string; metadata: object; spec: object } {
  const namespace = kind === "ApiDomain" ? {} : { namespace: "default" };
  return { apiVersion: "countersign.dev/v1alpha1", kind, metadata: { name, ...namespace }, spec };
}
