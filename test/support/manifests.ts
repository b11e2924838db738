import { API_VERSION } from "../../src/api/names.ts";

/** Objects as people write them: one team with a namespace, a host, an Application and a grant of `/orders`. */
export function namespaceManifest(name: string) {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

export function domainManifest(name: string, namespace: string, host: string) {
  const environments = [
    { name: "release", pathPrefix: "/" },
    { name: "test", pathPrefix: "/test" },
  ];
  const spec = { hosts: [host], namespaces: { names: [namespace] }, environments };
  return { apiVersion: API_VERSION, kind: "ApiDomain", metadata: { name }, spec };
}

export function applicationManifest(name: string, namespace: string, spec: object = {}) {
  return { apiVersion: API_VERSION, kind: "Application", metadata: { name, namespace }, spec };
}

export function grantManifest(
  name: string,
  namespace: string,
  host: string,
  spec: object = {},
  path = "/orders",
) {
  const apis = [{ name: "orders", hosts: [host], paths: [{ type: "PathPrefix", value: path }] }];
  return {
    apiVersion: API_VERSION,
    kind: "ApiGrant",
    metadata: { name, namespace },
    spec: { environment: "release", apis, applications: [{ name: "mobile-app" }], ...spec },
  };
}

/** All of a team. */
export function team(name: string) {
  const [namespace, host] = [`team-${name}`, `${name}.example.com`];
  return {
    namespace,
    host,
    domain: domainManifest(name, namespace, host),
    application: applicationManifest("mobile-app", namespace),
    grant: grantManifest("partners", namespace, host),
  };
}
