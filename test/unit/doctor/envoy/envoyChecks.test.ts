import { describe, expect, test } from "@jest/globals";
import { parse, stringify } from "yaml";
import type { EnvoyOptions } from "../../../../src/cli/commands/envoyConfig/envoyOptions.ts";
import { readRuntime } from "../../../../src/doctor/envoy/adminInterface.ts";
import { checkEnvoy } from "../../../../src/doctor/envoy/envoyChecks.ts";
import type { EnvoyRuntime, Expected } from "../../../../src/doctor/envoy/envoySnapshot.ts";
import { readEnvoy } from "../../../../src/doctor/envoy/readEnvoy.ts";
import { isFixed } from "../../../../src/doctor/envoy/runtimeChecks.ts";
import { BREAKAGES, brokenEnvoy, type EnvoyParts } from "../../../support/brokenEnvoys.ts";

const OPTIONS: EnvoyOptions = {
  listen: { host: "127.0.0.1", port: 0 },
  admin: { host: "127.0.0.1", port: 0 },
  upstream: { address: { host: "127.0.0.1", port: 3000 } },
  verifiers: [9001, 9002].map((port) => ({ host: "127.0.0.1", port })),
  maxRequestBytes: 1_024,
  timeoutSeconds: 0.5,
  virtualHosts: [{ name: "shop", hosts: ["api.shop.example.com"], pathPrefixes: ["/", "/test"] }],
};
const NOTHING: Expected = { processes: 0 };

interface Given {
  readonly options?: Partial<EnvoyOptions>;
  readonly expected?: Expected;
  readonly runtime?: EnvoyRuntime;
  readonly cluster?: string;
}

function find(change: (parts: EnvoyParts) => void, { options, expected, runtime, cluster }: Given = {}) {
  const document = brokenEnvoy({ ...OPTIONS, ...options }, change);
  const envoy = readEnvoy("envoy.yaml", [parse(stringify(document))], runtime);
  return checkEnvoy(envoy, expected ?? NOTHING, cluster);
}

const problems = (...args: Parameters<typeof find>) =>
  find(...args)
    .filter(({ severity }) => severity !== "ok")
    .map(({ id, severity }) => [id, severity]);

test("P23: what envoy-config prints is fine in every respect", () => {
  const expected = { processes: 2, maxRequestBytes: 1_024 };
  expect(problems(() => {}, { expected })).toEqual([]);
});

describe("doctor finds in a configuration that", () => {
  test.each(Object.entries(BREAKAGES))("%s", (_, { change, finds }) => {
    const found = find(change).filter(({ severity }) => severity !== "ok");
    expect(found.map(({ id, severity }) => [id, severity])).toContainEqual(finds);
    for (const { write } of found) expect(write).toMatch(/\S/);
  });

  test("one endpoint stands for two processes", () => {
    const options = { verifiers: [{ host: "127.0.0.1", port: 9001 }] };
    const found = problems(() => {}, { options, expected: { processes: 2 } });
    expect(found).toEqual([["endpoints-too-few", "error"]]);
  });

  test("Envoy forwards longer bodies than the verifier accepts", () => {
    const expected = { processes: 0, maxRequestBytes: 1_000 };
    expect(problems(() => {}, { expected })).toEqual([["body-limit", "error"]]);
  });

  test("P35: the verifier is asked in plaintext over a network", () => {
    const options = { verifiers: [{ host: "10.0.0.7", port: 9001 }] };
    expect(problems(() => {}, { options })).toEqual([["verifier-plaintext", "warning"]]);
  });

  test("P35: any server can reply as the verifier", () => {
    const tls = ({ cluster }: EnvoyParts) => {
      cluster.transport_socket = { name: "envoy.transport_sockets.tls", typed_config: {} };
    };
    expect(problems(tls)).toEqual([["verifier-unverified", "warning"]]);
  });

  test("the filter uses a cluster that does not exist", () => {
    const change = ({ authz }: EnvoyParts) => {
      authz.grpc_service.envoy_grpc.cluster_name = "countersing";
    };
    expect(problems(change)).toEqual([["authz-cluster-unknown", "error"]]);
  });

  test("the filter speaks HTTP", () => {
    const change = ({ authz }: EnvoyParts) => {
      authz.http_service = {};
    };
    expect(problems(change)).toEqual([["filter-speaks-http", "error"]]);
  });

  test("a second listener has no filter", () => {
    const change = ({ root }: EnvoyParts) => {
      const open = structuredClone(root.static_resources.listeners[0]);
      open.name = "open";
      open.filter_chains[0].filters[0].typed_config.http_filters.shift();
      root.static_resources.listeners.push(open);
    };
    expect(problems(change)).toEqual([["filter-missing", "warning"]]);
  });

  test("is empty", () => {
    expect(checkEnvoy(readEnvoy("empty", ["no", null, {}]), NOTHING)).toMatchObject([
      { id: "filter-missing", severity: "error" },
    ]);
  });
});

describe("a configuration is read", () => {
  test("in protobuf's other spelling", () => {
    const camel = stringify(brokenEnvoy(OPTIONS, () => {})).replaceAll(
      /^([ -]*)([a-z_]+):/gm,
      (_, indent, name) =>
        `${indent}${name.replaceAll(/_([a-z])/g, (__: string, one: string) => one.toUpperCase())}:`,
    );
    expect(camel).toContain("failureModeAllow: false");
    const found = checkEnvoy(readEnvoy("envoy.yaml", [parse(camel)]), NOTHING);
    expect(found.filter(({ severity }) => severity !== "ok")).toEqual([]);
    expect(found.length).toBeGreaterThan(20);
  });

  test("from resources in files, with routes that are found by name", () => {
    const document = brokenEnvoy(OPTIONS, BREAKAGES["a route turns the filter off"]?.change ?? (() => {}));
    const { static_resources: resources } = parse(stringify(document));
    const manager = resources.listeners[0].filter_chains[0].filters[0].typed_config;
    const type = "type.googleapis.com/envoy.config";
    const files = [
      { resources: [{ "@type": `${type}.route.v3.RouteConfiguration`, ...manager.route_config }] },
      {
        resources: resources.clusters.map((one: object) => ({
          "@type": `${type}.cluster.v3.Cluster`,
          ...one,
        })),
      },
      { resources: [{ "@type": `${type}.listener.v3.Listener`, ...resources.listeners[0] }] },
    ];
    manager.rds = { route_config_name: manager.route_config.name };
    delete manager.route_config;
    const found = checkEnvoy(readEnvoy("files", files), NOTHING).filter(({ severity }) => severity !== "ok");
    expect(found.map(({ id }) => id)).toEqual(["route-unprotected"]);
  });

  test("for the filter of the cluster that is named, where there are several", () => {
    const change = ({ manager, root }: EnvoyParts) => {
      const other = structuredClone(manager.http_filters[0]);
      other.name = "other";
      other.typed_config.failure_mode_allow = true;
      other.typed_config.grpc_service.envoy_grpc.cluster_name = "upstream";
      manager.http_filters.unshift(other);
      root.static_resources.clusters[1].http2_protocol_options = {};
    };
    expect(problems(change)).toEqual([]);
    expect(problems(change, { cluster: "upstream" })).toContainEqual(["failure-mode-allow", "error"]);
  });
});

describe("a running Envoy", () => {
  const host = (health: object) => ({ address: {}, health_status: health });
  const live = (stats: object[], hosts: object[], version = "1.40.0") =>
    readRuntime({
      serverInfo: { version: `0123abc/${version}/Clean/RELEASE/BoringSSL` },
      clusters: { cluster_statuses: [{ name: "countersign", host_statuses: hosts }] },
      stats: { stats },
    });
  const healthy = host({ eds_health_status: "HEALTHY" });
  const failed = host({ eds_health_status: "HEALTHY", failed_active_health_check: true });
  const stat = (name: string, value: number) => ({ name: `http.in.ext_authz.${name}`, value });

  const cases: Record<string, [EnvoyRuntime, readonly (readonly [string, string])[]]> = {
    "is fine": [live([stat("ok", 7), stat("error", 0)], [healthy, healthy]), []],
    "is too old": [live([], [healthy, healthy], "1.39.0"), [["envoy-version", "error"]]],
    "let requests through": [
      live([stat("failure_mode_allowed", 3)], [healthy, healthy]),
      [["failure-mode-allowed", "error"]],
    ],
    "could not ask": [live([stat("error", 3)], [healthy, healthy]), [["authz-errors", "warning"]]],
    "lost one verifier": [live([], [healthy, failed]), [["endpoints-unhealthy", "warning"]]],
    "lost them all": [live([], [failed, failed]), [["endpoints-unhealthy", "error"]]],
    "found no address": [live([], []), [["endpoints-too-few", "error"]]],
  };
  test.each(Object.entries(cases))("%s", (_, [runtime, expected]) => {
    expect(problems(() => {}, { runtime })).toEqual(expected);
  });

  const versions: Record<string, boolean> = {
    "1.37.9": false,
    "1.38.3": false,
    "1.38.4": true,
    "1.39.0": false,
    "1.39.1": true,
    "1.40.0": true,
    "1.41.2": true,
    "": false,
  };
  test.each(Object.entries(versions))("of version %s has the fixes: %s", (version, expected) => {
    expect(isFixed(version)).toBe(expected);
  });
});
