import { API_DOMAIN } from "../../api/apiDomain.ts";
import { API_GRANT } from "../../api/apiGrant.ts";
import { APPLICATION } from "../../api/application.ts";
import { HTTP_ROUTE_VERSION } from "../../api/httpRoute.ts";
import { GROUP, VERSION } from "../../api/names.ts";
import type { Kind } from "../../api/vocabulary.ts";

const PLURALS: Readonly<Record<Kind, string>> = {
  Application: APPLICATION.plural,
  ApiGrant: API_GRANT.plural,
  ApiDomain: API_DOMAIN.plural,
};

/** The path of all objects of a kind, or of those in one namespace; "" is no namespace. */
export function kindPath(kind: Kind, namespace = ""): string {
  return `/apis/${GROUP}/${VERSION}${inNamespace(namespace)}/${PLURALS[kind]}`;
}

/** The path of the Secrets in one namespace, or of all; "" is no namespace. */
export function secretsPath(namespace = ""): string {
  return `/api/v1${inNamespace(namespace)}/secrets`;
}

export const HTTP_ROUTES_PATH = httpRoutesPath("");

/** The path of the HTTPRoutes in one namespace, or of all; "" is no namespace. */
export function httpRoutesPath(namespace: string): string {
  return `/apis/${HTTP_ROUTE_VERSION}${inNamespace(namespace)}/httproutes`;
}

export const NAMESPACES_PATH = "/api/v1/namespaces";

export function podsPath(namespace: string): string {
  return `/api/v1${inNamespace(namespace)}/pods`;
}

export function leasesPath(namespace: string): string {
  return `/apis/coordination.k8s.io/v1${inNamespace(namespace)}/leases`;
}

export function eventsPath(namespace: string): string {
  return `/apis/events.k8s.io/v1${inNamespace(namespace)}/events`;
}

/** The path of one object under the path of its resource. */
export function objectPath(resourcePath: string, name: string): string {
  return `${resourcePath}/${encodeURIComponent(name)}`;
}

function inNamespace(namespace: string): string {
  return namespace === "" ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
}
