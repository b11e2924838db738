import { describe, expect, test } from "@jest/globals";
import type { ApiGrantSpec } from "../../../../src/api/apiGrant.ts";
import { readHttpRoute } from "../../../../src/api/httpRoute.ts";
import { resolveTargets, type TargetWorld } from "../../../../src/operator/grant/targets.ts";
import { DomainEntry } from "../../../../src/policy/index/domainEntry.ts";
import type { ApiDomainProjection } from "../../../../src/projection/documents.ts";
import { domain } from "../../../support/documents.ts";

const HOST = "api.example.com";
const environments = (...list: [string, string][]): ApiDomainProjection =>
  domain({ environments: list.map(([name, pathPrefix]) => ({ name, pathPrefix })) });
const USUAL = environments(["release", "/"], ["test", "/test"]);
const rule = (...matches: object[]) => ({ matches });
const path = (value: string, type = "PathPrefix") => ({ path: { type, value } });

interface Case {
  readonly rules?: readonly object[];
  readonly hostnames?: readonly string[];
  readonly environment?: string;
  readonly methods?: readonly string[];
  readonly domains?: Record<string, readonly ApiDomainProjection[]>;
  readonly isServed?: boolean;
  readonly isThere?: boolean;
}

function resolved({
  rules = [],
  hostnames = [HOST],
  environment = "release",
  methods,
  domains = { [HOST]: [USUAL] },
  isServed = true,
  isThere = true,
}: Case) {
  const route = readHttpRoute({} as never, { hostnames, rules });
  const world: TargetWorld = {
    route: () => (isThere ? route : undefined),
    isServed,
    domainsOf: (host) => (domains[host] ?? []).map((one) => new DomainEntry(one)),
  };
  const spec = {
    environment,
    apis: [{ name: "orders", ...(methods ? { methods } : {}) }],
    targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "orders" }],
  } as unknown as ApiGrantSpec;
  const { apis, problems } = resolveTargets(spec, world);
  const shown = apis.map((api) =>
    `${api.hosts.join(" ")}: ${api.paths.map((one) => `${one.type} ${one.value}`).join(", ")} ${api.methods.join("|")}`.trim(),
  );
  return { apis: shown, problems };
}

/** Each row: a route and its world, what is granted, and the reasons why something is not. */
const rows: Record<string, [Case, readonly string[], (readonly string[])?]> = {
  "no rules are every path": [{}, [`${HOST}: PathPrefix /`]],
  "a rule without matches is every path": [{ rules: [{}] }, [`${HOST}: PathPrefix /`]],
  "a match without a path is every path of its method": [
    { rules: [rule({ method: "GET" })] },
    [`${HOST}: PathPrefix / GET`],
  ],
  "rules and matches are a union": [
    { rules: [rule(path("/a"), path("/b", "Exact")), rule(path("/c"))] },
    [`${HOST}: PathPrefix /a, Exact /b, PathPrefix /c`],
  ],
  "each method is granted with its own paths": [
    { rules: [rule({ ...path("/a"), method: "GET" }, { ...path("/b"), method: "POST" })] },
    [`${HOST}: PathPrefix /a GET`, `${HOST}: PathPrefix /b POST`],
  ],
  "a prefix with a slash at its end is the one without": [
    { rules: [rule(path("/a/"))] },
    [`${HOST}: PathPrefix /a`],
  ],
  "the environment's prefix is cut": [
    { environment: "test", rules: [rule(path("/test/a"), path("/test", "Exact"))] },
    [`${HOST}: PathPrefix /a, Exact /`],
  ],
  "a path of another environment is not granted, and is named": [
    { rules: [rule(path("/a"), path("/test/a"))] },
    [`${HOST}: PathPrefix /a`],
    ["PathOutsideEnvironment"],
  ],
  "a path that shares letters with a prefix, but no segment, is not cut": [
    { rules: [rule(path("/testing"))] },
    [`${HOST}: PathPrefix /testing`],
  ],
  "a prefix that holds the environment is outside it": [
    { environment: "test", rules: [rule(path("/"))] },
    [`${HOST}:`],
    ["PathOutsideEnvironment"],
  ],
  "hosts with the same rules are one api": [
    { hostnames: [HOST, "b.example.com"], domains: { [HOST]: [USUAL], "b.example.com": [USUAL] } },
    [`${HOST} b.example.com: PathPrefix /`],
  ],
  "hosts whose environments differ are cut each by its own": [
    {
      hostnames: [HOST, "b.example.com"],
      domains: { [HOST]: [USUAL], "b.example.com": [environments(["release", "/release"])] },
      rules: [rule(path("/release/a"))],
    },
    [`${HOST}: PathPrefix /release/a`, "b.example.com: PathPrefix /a"],
  ],
  "P30: a host that is not ours has no paths": [
    { hostnames: [HOST, "foreign.example.com"] },
    [`${HOST}: PathPrefix /`, "foreign.example.com:"],
  ],
  "P30: a wildcard under which prefixes differ has no paths": [
    {
      hostnames: ["*.example.com"],
      domains: { "*.example.com": [USUAL, environments(["release", "/v1"])] },
    },
    ["*.example.com:"],
    ["UnsupportedMatch"],
  ],
  "a wildcard is granted as it is written": [
    { hostnames: ["*.example.com"], domains: { "*.example.com": [USUAL, USUAL] } },
    ["*.example.com: PathPrefix /"],
  ],
  "a rule that matches by a header opens nothing, and its path is closed to wider rules": [
    { rules: [rule(path("/")), rule({ ...path("/admin"), headers: [{ name: "x", value: "1" }] })] },
    [`${HOST}: PathPrefix /`, `${HOST}: PathPrefix /admin (none)`],
    ["UnsupportedMatch"],
  ],
  "one match that is not understood closes the whole rule": [
    { rules: [rule(path("/a"), { ...path("/b"), queryParams: [{ name: "x", value: "1" }] })] },
    [`${HOST}: PathPrefix /a, PathPrefix /b (none)`],
    ["UnsupportedMatch"],
  ],
  "a match by something that Gateway API does not have yet opens nothing": [
    { rules: [rule({ ...path("/a"), cookies: [{ name: "x" }] })] },
    [`${HOST}: PathPrefix /a (none)`],
    ["UnsupportedMatch"],
  ],
  "a regular expression opens nothing": [
    { rules: [rule(path("/a.*", "RegularExpression")), rule(path("/b"))] },
    [`${HOST}: PathPrefix /b`],
    ["UnsupportedMatch"],
  ],
  "P1: a path that a proxy would change on the way opens nothing": [
    { rules: [rule(path("/a%2Fb")), rule(path("/a/../b")), rule(path("/a;b"))] },
    [`${HOST}:`],
    ["UnsupportedMatch", "UnsupportedMatch", "UnsupportedMatch"],
  ],
  "a path beyond ASCII is granted in the canonical spelling, whatever the case of its hex digits": [
    { rules: [rule(path("/%e8%ae%a2/%5B"), path("/caf%C3%A9", "Exact"))] },
    [`${HOST}: PathPrefix /%E8%AE%A2/%5B, Exact /caf%C3%A9`],
  ],
  "P1: an escape that is not UTF-8, or not needed, opens nothing": [
    { rules: [rule(path("/%C0%AE")), rule(path("/%61dmin"))] },
    [`${HOST}:`],
    ["UnsupportedMatch", "UnsupportedMatch"],
  ],
  "methods of the grant narrow those of the rules": [
    {
      methods: ["GET", "PUT"],
      rules: [rule(path("/a"), { ...path("/b"), method: "GET" }, { ...path("/c"), method: "POST" })],
    },
    [`${HOST}: PathPrefix /a GET|PUT`, `${HOST}: PathPrefix /b GET`, `${HOST}: PathPrefix /c (none)`],
  ],
  "a route without hostnames opens nothing": [{ hostnames: [] }, [], ["HostnamesRequired"]],
  "a route that is not there opens nothing": [{ isThere: false }, [], ["TargetNotFound"]],
  "without Gateway API nothing opens": [{ isThere: false, isServed: false }, [], ["GatewayApiMissing"]],
};

describe("the targets of a grant", () => {
  test.each(Object.entries(rows))("%s", (_, [world, apis, reasons = []]) => {
    const found = resolved(world);
    expect(found.apis).toEqual(apis);
    expect(found.problems.map(({ reason }) => reason)).toEqual(reasons);
  });

  test("a problem names the route, the rule and what it matches by", () => {
    const { problems } = resolved({ rules: [rule(path("/")), rule({ headers: [{ name: "x" }] })] });
    expect(problems[0]?.message).toMatch(/^HTTPRoute orders, rule 2 is not granted: it matches by headers/);
  });
});
