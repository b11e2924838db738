import { field, text } from "../../base/json.ts";
import { error, type Finding, judge, warning } from "../finding.ts";
import { bodyIsForwarded } from "./bodyChecks.ts";
import { clusterReachesVerifiers } from "./clusterChecks.ts";
import type { AuthzFilter, EnvoyModel, Expected, Manager } from "./envoySnapshot.ts";
import {
  errorsAreServerErrors,
  failsClosed,
  headersAreWhole,
  isOn,
  mutationsAreBounded,
  orderIsRight,
  speaksGrpc,
} from "./filterChecks.ts";
import { envoyIsSound } from "./liveChecks.ts";
import { pathsAreNormalised } from "./pathChecks.ts";
import { routesKeepTheCheck } from "./routeChecks.ts";
import { timeIsEnough } from "./timeoutChecks.ts";

type Check = (filter: AuthzFilter, envoy: EnvoyModel, expected: Expected) => Finding | readonly Finding[];

/** In the order of the questions: does it run, does it see what was signed, is it asked in time. */
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

/** All that is to be said of one Envoy. `authzCluster` names the verifiers' cluster where its name does not tell. */
export function checkEnvoy(envoy: EnvoyModel, expected: Expected, authzCluster?: string): readonly Finding[] {
  const filters = authzFilters(envoy, authzCluster);
  return [
    ...everyWayInIsChecked(envoy, filters),
    ...filters.flatMap((filter) => CHECKS.flatMap((check) => check(filter, envoy, expected))),
    ...envoyIsSound(envoy),
  ].filter(isFirst);
}

/** The same cluster may serve several filters. */
function isFirst(finding: Finding, at: number, all: readonly Finding[]): boolean {
  return all.findIndex((one) => JSON.stringify(one) === JSON.stringify(finding)) === at;
}

/** Of several ext_authz filters those that ask a cluster which is called ours, if there is one. */
function authzFilters(envoy: EnvoyModel, authzCluster: string | undefined): readonly AuthzFilter[] {
  const all = envoy.managers.flatMap((manager) => filtersOf(envoy, manager));
  if (authzCluster !== undefined) return all.filter(({ cluster }) => cluster === authzCluster);
  const named = all.filter(({ cluster }) => cluster?.includes("countersign"));
  return named.length > 0 ? named : all;
}

function filtersOf({ source }: EnvoyModel, manager: Manager): readonly AuthzFilter[] {
  return manager.filters
    .filter(({ type }) => type === "ExtAuthz")
    .map((filter) => ({
      where: `${source}, listener ${manager.listener}, filter ${filter.name}`,
      filter,
      manager,
      cluster: text(field(filter.config, "grpc_service", "envoy_grpc", "cluster_name")) || undefined,
    }));
}

function everyWayInIsChecked(envoy: EnvoyModel, filters: readonly AuthzFilter[]): readonly Finding[] {
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
      open.length > 0 && warning(`${write}, unless these listeners are meant for everybody`),
    ),
  ];
}
