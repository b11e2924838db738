/** Small exports of Alibaba Cloud API Gateway for tests about one thing, as `countersign export-script alibaba` lays them out. */

export const APP = "110840611";
export const GROUP = "1f0c2d9a4b7e48f3a6d50b8c9e7f1a23";
export const API = "5a3d7c1e9b2f4068a1c4e6d8f0b29c37";
export const HOST = `${GROUP}-cn-hangzhou.alicloudapi.com`;
export const DOMAIN = "api.orders.example.com";
export const KEY = "204868217";
export const SECRET = "kq3r7n0x5vb2m9cl8sd1fg4hj6pw0zty";

const TIME = "2023-03-01T00:00:04Z";

/** A response as aliyun prints it: sorted, with tabs. */
export const printed = (response: object) =>
  `${JSON.stringify({ RequestId: "1", ...response }, undefined, "\t")}\n`;

/** A page of a list, which has its own level: `{"Apps": {"AppAttribute": […]}}`. */
export const page = (
  list: string,
  element: string,
  items: readonly object[],
  { total = items.length, number = 1 } = {},
) => printed({ TotalCount: total, PageSize: 50, PageNumber: number, [list]: { [element]: items } });

export const app = (change: object = {}) => ({
  AppId: Number(APP),
  AppName: "mobile-app",
  Description: "",
  CreatedTime: TIME,
  ModifiedTime: TIME,
  Tags: {},
  ...change,
});

export const security = (change: object = {}) =>
  printed({
    AppKey: KEY,
    AppSecret: SECRET,
    AppCode: "x".repeat(32),
    CreatedTime: TIME,
    ModifiedTime: TIME,
    ...change,
  });

export const group = (change: object = {}) => ({
  GroupId: GROUP,
  GroupName: "orders",
  SubDomain: HOST,
  BasePath: "/",
  ModifiedTime: TIME,
  ...change,
});

export const domain = (change: object = {}) => ({
  DomainName: DOMAIN,
  BindStageName: "",
  DomainBindingStatus: "BINDING",
  ...change,
});

export const summary = (change: object = {}) => ({
  ApiId: API,
  GroupId: GROUP,
  ApiName: "list",
  ApiPath: "/orders",
  ApiMethod: "GET",
  ModifiedTime: TIME,
  DeployedInfos: { DeployedInfo: [{ StageName: "RELEASE", DeployedStatus: "DEPLOYED" }] },
  ...change,
});

/** DescribeApi; with `{StageName, DeployedTime}` DescribeDeployedApi. */
export const api = ({
  path = "/orders",
  method = "GET",
  protocol = "HTTP,HTTPS",
  ...change
}: ApiChange = {}) =>
  printed({
    ApiId: API,
    GroupId: GROUP,
    ApiName: "list",
    AuthType: "APP",
    ForceNonceCheck: false,
    DisableInternet: false,
    RequestConfig: {
      RequestPath: path,
      RequestHttpMethod: method,
      RequestProtocol: protocol,
      RequestMode: "MAPPING",
    },
    ...change,
  });

interface ApiChange {
  readonly path?: string;
  readonly method?: string;
  readonly protocol?: string;
  readonly [key: string]: unknown;
}

export const deployed = (change: ApiChange = {}) =>
  api({ StageName: "RELEASE", DeployedTime: TIME, ...change });

export const authorized = (change: object = {}) => ({
  AppId: Number(APP),
  AppName: "mobile-app",
  StageName: "RELEASE",
  AuthorizedTime: TIME,
  Operator: "PROVIDER",
  AuthorizationSource: "CONSOLE",
  ...change,
});

export const authorizedApps = (...items: readonly object[]) => page("AuthorizedApps", "AuthorizedApp", items);

/** The folder of the API in a stage. */
export const inStage = (stage = "RELEASE", id = API) => `groups/${GROUP}/apis/${id}/${stage}`;

/** A whole export with one application that may call one API; parts can be replaced, added or left out. */
export const whole = (change: Readonly<Record<string, string | undefined>> = {}) =>
  Object.entries({
    "apps-0001.json": page("Apps", "AppAttribute", [app()]),
    [`apps/${APP}/security.json`]: security(),
    "groups-0001.json": page("ApiGroupAttributes", "ApiGroupAttribute", [group()]),
    [`groups/${GROUP}/group.json`]: printed({ ...group(), CustomDomains: { DomainItem: [domain()] } }),
    [`groups/${GROUP}/apis-0001.json`]: page("ApiSummarys", "ApiSummary", [summary()]),
    [`groups/${GROUP}/apis/${API}/api.json`]: api({ ModifiedTime: TIME }),
    [`${inStage()}/deployed.json`]: deployed(),
    [`${inStage()}/apps-0001.json`]: authorizedApps(authorized()),
    ...change,
  }).flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]));

/** A state with these resources of the provider: pairs of the type behind its prefix, and the attributes. */
export const state = (resources: readonly (readonly [type: string, attributes: object, more?: object])[]) =>
  JSON.stringify({
    version: 4,
    terraform_version: "1.11.4",
    serial: 1,
    lineage: "a",
    outputs: {},
    resources: resources.map(([type, attributes, more], index) => ({
      mode: "managed",
      type: `alicloud_api_gateway_${type}`,
      name: `r${index}`,
      provider: 'provider["registry.terraform.io/aliyun/alicloud"]',
      instances: [{ schema_version: 0, attributes, sensitive_attributes: [] }],
      ...more,
    })),
  });

/** The resources of the same tenant as the provider stores them. */
export const STATE = [
  ["app", { id: APP, name: "mobile-app", description: "", tags: {} }],
  ["group", { id: GROUP, name: "orders", sub_domain: HOST, vpc_domain: "", base_path: "/" }],
  [
    "api",
    {
      id: `${GROUP}:${API}`,
      api_id: API,
      group_id: GROUP,
      name: "list",
      auth_type: "APP",
      force_nonce_check: false,
      request_config: [{ protocol: "HTTP", method: "GET", path: "/orders", mode: "MAPPING" }],
      stage_names: ["RELEASE"],
    },
  ],
  [
    "app_attachment",
    {
      id: `${GROUP}:${API}:${APP}:RELEASE`,
      app_id: APP,
      api_id: API,
      group_id: GROUP,
      stage_name: "RELEASE",
    },
  ],
] as const;
