import { HEADER_PREFIX } from "../../api/names.ts";
import { entries, field, list, text } from "../../base/json.ts";
import { error, type Finding, judge, warning } from "../finding.ts";
import type { AuthzFilter } from "./envoySnapshot.ts";
import { typeName } from "./readEnvoy.ts";

/** The settings of a filter for some routes. */
interface RouteSettings {
  /** The virtual host and the route, for people. */
  readonly place: string;
  /** The name of the filter that they are for. */
  readonly name: string;
  readonly settings: unknown;
}

const SHOWN = 5;

/** Checks that the settings of routes reach this filter, and do not weaken it. */
export function routesKeepTheCheck(authz: AuthzFilter): readonly Finding[] {
  const all = authz.manager.routes.flatMap(settingsOf).filter(({ settings }) => isForAuthz(settings));
  const names = new Set(authz.manager.filters.map(({ name }) => name));
  const lost = all.filter(({ name }) => !names.has(name));
  const ours = all.filter(({ name }) => name === authz.filter.name);
  const off = ours.filter(({ settings }) => field(messageOf(settings), "disabled") === true);
  return [
    judge(
      "filter-name-unknown",
      authz.where,
      lost.length === 0
        ? `${ours.length} routes have settings of their own`
        : `no filter is named ${lost[0]?.name}: ${places(lost)}`,
      lost.length > 0 && error(`typed_per_filter_config: {${authz.filter.name}: …}`),
    ),
    judge(
      "route-unprotected",
      authz.where,
      off.length === 0 ? "no route turns it off" : `disabled: true: ${places(off)}`,
      off.length > 0 && warning("remove disabled: true, unless these routes are meant to be public"),
    ),
    ...bodies(authz, ours),
    ...routesByIdentity(authz),
  ];
}

/** A route may forward less of the body than the filter does. */
function bodies({ where }: AuthzFilter, ours: readonly RouteSettings[]): readonly Finding[] {
  const checks = (one: RouteSettings) => field(messageOf(one.settings), "check_settings");
  const without = ours.filter((one) => field(checks(one), "disable_request_body_buffering") === true);
  const partial = ours.filter(
    (one) => field(checks(one), "with_request_body", "allow_partial_message") === true,
  );
  return [
    ...(without.length === 0
      ? []
      : [
          judge(
            "body-not-forwarded",
            where,
            `disable_request_body_buffering: true: ${places(without)}`,
            error("remove disable_request_body_buffering"),
          ),
        ]),
    ...(partial.length === 0
      ? []
      : [
          judge(
            "body-truncated",
            where,
            `allow_partial_message: true: ${places(partial)}`,
            error("check_settings: {with_request_body: {allow_partial_message: false}}"),
          ),
        ]),
  ];
}

/** Early header mutation removes identity headers that a client sent, before the route is selected. */
function routesByIdentity({ where, filter, manager }: AuthzFilter): readonly Finding[] {
  const matches = JSON.stringify(manager.routes).includes(`"name":"${HEADER_PREFIX}`);
  const isCleared = field(filter.config, "clear_route_cache") === true;
  const early = JSON.stringify(field(manager.config, "early_header_mutation_extensions") ?? []);
  if (!matches) return [];
  return [
    judge(
      "route-by-identity",
      where,
      `routes match on ${HEADER_PREFIX}*`,
      !isCleared &&
        !early.includes(HEADER_PREFIX) &&
        error(
          "early_header_mutation_extensions as countersign envoy-config writes them, and clear_route_cache: true",
        ),
    ),
  ];
}

/** Every typed_per_filter_config of a RouteConfiguration. */
function settingsOf(configuration: unknown): readonly RouteSettings[] {
  const of = (place: string, holder: unknown) =>
    entries(field(holder, "typed_per_filter_config")).map(([name, settings]) => ({ place, name, settings }));
  const hosts = list(field(configuration, "virtual_hosts"));
  return [
    ...of(`route configuration ${text(field(configuration, "name"))}`, configuration),
    ...hosts.flatMap((host) => [
      ...of(`virtual host ${text(field(host, "name"))}`, host),
      ...list(field(host, "routes")).flatMap((route) => {
        const place = `virtual host ${text(field(host, "name"))}, route ${routeName(route)}`;
        const weighted = list(field(route, "route", "weighted_clusters", "clusters"));
        return [route, ...weighted].flatMap((holder) => of(place, holder));
      }),
    ]),
  ];
}

function routeName(route: unknown): string {
  const match = JSON.stringify(field(route, "match") ?? {}).replaceAll('"', "");
  return text(field(route, "name")) || match.slice(0, 80);
}

/** The settings without the FilterConfig that may wrap them. */
function messageOf(settings: unknown): unknown {
  return typeName(settings) === "FilterConfig" ? field(settings, "config") : settings;
}

function isForAuthz(settings: unknown): boolean {
  return typeName(messageOf(settings)) === "ExtAuthzPerRoute";
}

function places(settings: readonly RouteSettings[]): string {
  const more = settings.length > SHOWN ? ` and ${settings.length - SHOWN} more` : "";
  return (
    settings
      .slice(0, SHOWN)
      .map(({ place }) => place)
      .join("; ") + more
  );
}
