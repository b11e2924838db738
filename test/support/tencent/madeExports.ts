import type { MadeApp, MadeBinding, MadeTenant } from "./madeTenant.ts";

/** Files of an export by their paths. */
export type ExportFiles = ReadonlyMap<string, string>;

const PAGE = 100;
const TIMES = { CreatedTime: "2023-03-01T00:00:00Z", ModifiedTime: "2023-03-01T00:00:00Z" };
const MASK = "************";

/** A tenant as the export script leaves it: what tccli 3.1.189.1 prints, and what responses lack, in the files' paths. */
export function toolOutput(tenant: MadeTenant): ExportFiles {
  const files = new Map<string, string>();
  const add = (path: string, response: object) => files.set(path, printed(response));
  const pages = (path: string, list: string, items: readonly object[]) => {
    for (let from = 0; from === 0 || from < items.length; from += PAGE) {
      const Result = { TotalCount: items.length, [list]: items.slice(from, from + PAGE) };
      add(`${path}-${String(from / PAGE).padStart(4, "0")}.json`, { Result });
    }
  };
  const own = tenant.apps.filter(({ isForeign }) => !isForeign);
  pages("apps", "ApiAppSet", own.map(responseOfApp));
  pages(
    "services",
    "ServiceSet",
    tenant.services.map((service) => responseOfService(service)),
  );
  for (const { id, host, released } of tenant.services) {
    const apis = tenant.apis.filter(({ service }) => service === id);
    const domains = tenant.domains.filter(({ service }) => service === id);
    pages(`${id}/apis`, "ApiIdStatusSet", apis.map(responseOfApi));
    pages(`${id}/domains`, "DomainSet", domains.map(responseOfDomain));
    const EnvironmentList = ["test", "prepub", "release"].map((name) => ({
      EnvironmentName: name,
      Url: `${host}/${name}`,
      Status: Number(released.includes(name)),
      VersionName: "",
      CreateTime: null,
    }));
    add(`${id}/environments.json`, { Result: { TotalCount: 3, EnvironmentList } });
    for (const domain of domains)
      add(`${id}/mappings/${domain.host}.json`, { Result: responseOfMapping(domain) });
    const binds = tenant.binds.filter(({ service }) => service === id);
    pages(
      `${id}/api-apps`,
      "ApiAppApiSet",
      binds.map((bind) => responseOfBinding(bind, tenant)),
    );
  }
  return files;
}

/** The same tenant as Terraform 1.11.4 stores it, with the provider's mistake about the second domain of a service. */
export function terraformState(tenant: MadeTenant, serial = 1): string {
  const version = { version: 4, terraform_version: "1.11.4", serial, lineage: "made-up", outputs: {} };
  const rows: readonly (readonly [type: string, instances: readonly object[]])[] = [
    ["api", tenant.apis.map((api) => stateOfApi(api))],
    ["api_app", tenant.apps.filter(({ isForeign }) => !isForeign).map(stateOfApp)],
    ["api_app_attachment", tenant.binds.map(stateOfBinding)],
    ["custom_domain", tenant.domains.map((domain) => stateOfDomain(domain, tenant))],
    ["service", tenant.services.map((service) => stateOfService(service, tenant))],
    ["service_release", tenant.services.flatMap(stateOfReleases)],
  ];
  const resources = rows.map(([type, attributes]) => ({
    mode: "managed",
    type: `tencentcloud_api_gateway_${type}`,
    name: "this",
    provider: 'provider["registry.terraform.io/tencentcloudstack/tencentcloud"]',
    instances: attributes.map((one, index) => ({
      index_key: index,
      schema_version: 0,
      attributes: one,
      sensitive_attributes: [],
    })),
  }));
  return `${JSON.stringify({ ...version, resources, check_results: null }, undefined, 2)}\n`;
}

function printed(response: object): string {
  return `${JSON.stringify({ ...response, RequestId: "00000000-0000-4000-8000-000000000000" }, undefined, 4)}\n`;
}

function responseOfApp({ id, name, description, key, secret, isMasked, modified }: MadeApp) {
  return {
    ApiAppName: name,
    ApiAppId: id,
    ApiAppSecret: isMasked ? MASK : secret,
    ApiAppDesc: description,
    CreatedTime: modified,
    ModifiedTime: modified,
    ApiAppKey: key,
  };
}

function responseOfService({ id, name, host, isInner, released }: MadeTenant["services"][number]) {
  return {
    ...TIMES,
    ServiceId: id,
    ServiceName: name,
    ServiceDesc: null,
    AvailableEnvironments: released,
    OuterSubDomain: host,
    InnerSubDomain: isInner ? host : "",
  };
}

function responseOfApi({ id, service, name, path, method, auth }: MadeTenant["apis"][number]) {
  return {
    ...TIMES,
    ServiceId: service,
    ApiId: id,
    ApiDesc: "",
    ApiName: name,
    Protocol: "HTTP",
    AuthType: auth,
    OauthConfig: null,
    Path: path,
    Method: method,
  };
}

function responseOfDomain({ host, isDefault }: MadeTenant["domains"][number]) {
  return { DomainName: host, Status: 1, IsDefaultMapping: isDefault, Protocol: "https", NetType: "OUTER" };
}

function responseOfMapping({ isDefault, mappings }: MadeTenant["domains"][number]) {
  const PathMappingSet = mappings.map(({ path, environment }) => ({ Path: path, Environment: environment }));
  return { IsDefaultMapping: isDefault, PathMappingSet };
}

function responseOfBinding({ app, service, api, environment }: MadeBinding, { apps, apis }: MadeTenant) {
  return {
    ApiAppName: apps.find(({ id }) => id === app)?.name,
    ApiAppId: app,
    ApiId: api,
    ApiName: apis.find(({ id }) => id === api)?.name,
    ServiceId: service,
    AuthorizedTime: "2023-03-01 00:00:00",
    ApiRegion: "guangzhou",
    EnvironmentName: environment,
  };
}

function stateOfApp({ id, name, description, key, secret, isMasked, modified }: MadeApp) {
  return {
    api_app_desc: description,
    api_app_id: id,
    api_app_key: key,
    api_app_name: name,
    api_app_secret: isMasked ? MASK : secret,
    created_time: modified,
    id,
    modified_time: modified,
    tags: {},
  };
}

function stateOfBinding({ app, service, api, environment }: MadeBinding) {
  const id = [app, environment, service, api].join("#");
  return { api_app_id: app, api_id: api, environment, id, service_id: service };
}

function stateOfService({ id, name, host, isInner }: MadeTenant["services"][number], tenant: MadeTenant) {
  const own = tenant.apis.filter(({ service }) => service === id);
  return {
    api_list: own.map((api) => ({ api_id: api.id, api_name: api.name, method: api.method, path: api.path })),
    id,
    internal_sub_domain: isInner ? host : "",
    outer_sub_domain: host,
    service_desc: "",
    service_name: name,
  };
}

function stateOfApi({ id, service, name, path, method, auth }: MadeTenant["apis"][number]) {
  return {
    api_name: name,
    auth_type: auth,
    id,
    protocol: "HTTP",
    request_config_method: method,
    request_config_path: path,
    request_parameters: [],
    service_id: service,
    update_time: TIMES.ModifiedTime,
  };
}

function stateOfReleases({ id, released }: MadeTenant["services"][number]) {
  return released.map((environment) => ({
    environment_name: environment,
    id: `${id}#${environment}#1`,
    release_version: "1",
    service_id: id,
  }));
}

/** The provider's Read takes the first domain of the service, whichever it is asked for. */
function stateOfDomain({ service, host }: MadeTenant["domains"][number], { domains }: MadeTenant) {
  const first = domains.find((one) => one.service === service);
  return {
    id: `${service}#${host}`,
    is_default_mapping: first?.isDefault ?? true,
    path_mappings: (first?.mappings ?? []).map(({ path, environment }) => `${path}#${environment}`),
    protocol: "https",
    service_id: service,
    sub_domain: host,
  };
}
