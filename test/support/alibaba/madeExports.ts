import type { MadeTenant } from "./madeTenant.ts";
import { page, printed, state } from "./smallTenant.ts";

const PAGE = 50;
const TIME = "2023-03-01T00:00:04Z";

/** A tenant as the export script leaves it: the responses of aliyun cloudapi by their paths. */
export function toolOutput(tenant: MadeTenant): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const pages = (name: string, list: string, element: string, items: readonly object[]) => {
    for (let from = 0; from === 0 || from < items.length; from += PAGE) {
      const number = from / PAGE + 1;
      const path = `${name}-${String(number).padStart(4, "0")}.json`;
      const some = items.slice(from, from + PAGE);
      files.set(path, page(list, element, some, { total: items.length, number }));
    }
  };
  const apps = tenant.apps.map(({ id, name }) => ({ AppId: Number(id), AppName: name, Description: "" }));
  pages("apps", "Apps", "AppAttribute", apps);
  for (const { id, key, secret } of tenant.apps)
    files.set(`apps/${id}/security.json`, printed({ AppKey: key, AppSecret: secret, ModifiedTime: TIME }));
  const groups = tenant.groups.map(responseOfGroup);
  pages("groups", "ApiGroupAttributes", "ApiGroupAttribute", groups);
  for (const group of tenant.groups) addGroup(group, tenant, files, pages);
  return files;
}

type Pages = (name: string, list: string, element: string, items: readonly object[]) => void;

function addGroup(
  group: MadeTenant["groups"][number],
  tenant: MadeTenant,
  files: Map<string, string>,
  pages: Pages,
): void {
  const place = `groups/${group.id}`;
  const domains = group.domains.map(({ host, stage }) => ({ DomainName: host, BindStageName: stage }));
  const stages = ["RELEASE", "PRE", "TEST"].map((StageName) => ({ StageName }));
  const levels = { CustomDomains: { DomainItem: domains }, StageItems: { StageInfo: stages } };
  files.set(`${place}/group.json`, printed({ ...responseOfGroup(group), ...levels }));
  const own = tenant.apis.filter((api) => api.group === group.id);
  pages(`${place}/apis`, "ApiSummarys", "ApiSummary", own.map(responseOfApi));
  for (const stage of ["RELEASE", "PRE", "TEST"]) {
    const deployed = own.filter(({ stages: all }) => all.includes(stage));
    const items = deployed.map((api) => ({ ...summaryOf(api), StageName: stage, DeployedTime: TIME }));
    pages(`${place}/${stage}/deployed`, "DeployedApis", "DeployedApiItem", items);
    if (deployed.length > 0) pages(`${place}/${stage}/ip-controls`, "ApiIpControls", "ApiIpControlItem", []);
  }
  for (const api of own) addApi(api, `${place}/apis/${api.id}`, tenant, files, pages);
}

function addApi(
  api: MadeTenant["apis"][number],
  place: string,
  tenant: MadeTenant,
  files: Map<string, string>,
  pages: Pages,
): void {
  files.set(`${place}/api.json`, printed({ ...definitionOf(api), ModifiedTime: TIME }));
  for (const stage of api.stages) {
    const there = `${place}/${stage}`;
    files.set(
      `${there}/deployed.json`,
      printed({ ...definitionOf(api), StageName: stage, DeployedTime: TIME }),
    );
    const bound = tenant.authorizations.filter((one) => one.api === api.id && one.stage === stage);
    const items = bound.map(({ app, until }) => ({
      AppId: Number(app),
      AppName: tenant.apps.find(({ id }) => id === app)?.name,
      StageName: stage,
      AuthVaildTime: until,
    }));
    pages(`${there}/apps`, "AuthorizedApps", "AuthorizedApp", items);
    const plugins = api.plugins.map((type, at) => ({
      PluginId: `p${at}`,
      PluginName: "made_up",
      PluginType: type,
    }));
    pages(`${there}/plugins`, "Plugins", "PluginAttribute", plugins);
  }
}

/** The same tenant as the provider stores it: without key pairs, custom domains and ends of authorizations. */
export function terraformState(tenant: MadeTenant): string {
  return state([
    ...tenant.apps.map(({ id, name }) => ["app", { id, name, description: "" }] as const),
    ...tenant.groups.map(
      ({ id, name, host }) => ["group", { id, name, sub_domain: host, base_path: "/" }] as const,
    ),
    ...tenant.apis.map(({ id, group, name, path, method, auth, stages }) => {
      const request_config = [{ protocol: "HTTP", method, path, mode: "MAPPING" }];
      const ids = { id: `${group}:${id}`, api_id: id, group_id: group };
      return ["api", { ...ids, name, auth_type: auth, request_config, stage_names: stages }] as const;
    }),
    ...tenant.apis.flatMap(({ id, group, stages, plugins }) =>
      stages.flatMap((stage_name) =>
        plugins.map(
          (type) =>
            ["plugin_attachment", { plugin_id: type, api_id: id, group_id: group, stage_name }] as const,
        ),
      ),
    ),
    ...tenant.authorizations.map(({ app, api, stage }) => {
      const group = tenant.apis.find(({ id }) => id === api)?.group ?? "";
      return ["app_attachment", { id: [group, api, app, stage].join(":") }] as const;
    }),
  ]);
}

function responseOfGroup({ id, name, host }: MadeTenant["groups"][number]) {
  return { GroupId: id, GroupName: name, SubDomain: host, BasePath: "/" };
}

function summaryOf({ id, group, name, path, method }: MadeTenant["apis"][number]) {
  return { ApiId: id, GroupId: group, ApiName: name, ApiPath: path, ApiMethod: method };
}

function responseOfApi(api: MadeTenant["apis"][number]) {
  const DeployedInfo = ["RELEASE", "PRE", "TEST"].map((StageName) => ({
    StageName,
    DeployedStatus: api.stages.includes(StageName) ? "DEPLOYED" : "NONDEPLOYED",
  }));
  return { ...summaryOf(api), ModifiedTime: TIME, DeployedInfos: { DeployedInfo } };
}

function definitionOf({ id, group, name, path, method, auth }: MadeTenant["apis"][number]) {
  const RequestConfig = { RequestPath: path, RequestHttpMethod: method, RequestProtocol: "HTTP" };
  return { ApiId: id, GroupId: group, ApiName: name, AuthType: auth, ForceNonceCheck: false, RequestConfig };
}
