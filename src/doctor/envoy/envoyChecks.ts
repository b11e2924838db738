import { field, text } from "../../base/json.ts";
import { error, type Finding, judge, warning } from "../finding.ts";
import { bodyIsForwarded } from "./bodyChecks.ts";
import { clusterReachesVerifiers } from "./clusterChecks.ts";
import type { AuthzFilter, EnvoySnapshot, Expected, Manager } from "./envoySnapshot.ts";
import {
  errorsAreServerErrors,
  failsClosed,
  headersAreWhole,
  isOn,
  mutationsAreBounded,
  orderIsRight,
  speaksGrpc,
} from "./filterChecks.ts";
import { pathsAreNormalised } from "./pathChecks.ts";
import { routesKeepTheCheck } from "./routeChecks.ts";
import { checkRuntime } from "./runtimeChecks.ts";
import { timeIsEnough } from "./timeoutChecks.ts";

type Check = (filter: AuthzFilter, envoy: EnvoySnapshot, expected: Expected) => Finding | readonly Finding[];

/** In this order: does the filter run, does the verifier receive what was signed, does it get enough time. */
const CHECKS: readonly Check[] = [
  isOn,
  speaksGrpc,
  failsClosed,
  errorsAreServerErrors,
  bodyIsForwarded,
  headersAreWhole,
  pathsAreNormalised,
  mutationsAreBounded,
  orderIsRight,
  routesKeepTheCheck,
  timeIsEnough,
  clusterReachesVerifiers,
];

/** Checks one Envoy. `authzCluster` is the name of the verifiers' cluster if it does not contain `countersign`. */
export function checkEnvoy(
  envoy: EnvoySnapshot,
  expected: Expected,
  authzCluster?: string,
): readonly Finding[] {
  const filters = authzFilters(envoy, authzCluster);
  return [
    ...everyListenerHasFilter(envoy, filters),
    ...filters.flatMap((filter) => CHECKS.flatMap((check) => check(filter, envoy, expected))),
    ...checkRuntime(envoy),
  ].filter(isFirst);
}

/** Several filters may use the same cluster, whose findings are then repeated. */
function isFirst(finding: Finding, at: number, all: readonly Finding[]): boolean {
  return all.findIndex((one) => JSON.stringify(one) === JSON.stringify(finding)) === at;
}

/** The ext_authz filters whose cluster has our name; all of them if none has. */
function authzFilters(envoy: EnvoySnapshot, authzCluster: string | undefined): readonly AuthzFilter[] {
  const all = envoy.managers.flatMap((manager) => filtersOf(envoy, manager));
  if (authzCluster !== undefined) return all.filter(({ cluster }) => cluster === authzCluster);
  const named = all.filter(({ cluster }) => cluster?.includes("countersign"));
  return named.length > 0 ? named : all;
}

function filtersOf({ source }: EnvoySnapshot, manager: Manager): readonly AuthzFilter[] {
  return manager.filters
    .filter(({ type }) => type === "ExtAuthz")
    .map((filter) => ({
      where: `${source}, listener ${manager.listener}, filter ${filter.name}`,
      filter,
      manager,
      cluster: text(field(filter.config, "grpc_service", "envoy_grpc", "cluster_name")) || undefined,
    }));
}

function everyListenerHasFilter(envoy: EnvoySnapshot, filters: readonly AuthzFilter[]): readonly Finding[] {
  const write = "http_filters with the ext_authz filter that countersign envoy-config prints";
  if (filters.length === 0)
    return [
      judge(
        "filter-missing",
        envoy.source,
        `no ext_authz filter in ${envoy.managers.length} HTTP connection managers`,
        error(write),
      ),
    ];
  const open = envoy.managers.filter((manager) => !filters.some((one) => one.manager === manager));
  const names = [...new Set(open.map(({ listener }) => listener))].join(", ");
  return [
    judge(
      "filter-missing",
      envoy.source,
      open.length === 0 ? "every HTTP connection manager has the filter" : `not on listener ${names}`,
      open.length > 0 && warning(`${write}, unless these listeners are meant to be public`),
    ),
  ];
}
