/** Small exports for tests about one thing: each function returns one document as text. */

export const APP = "app-e9uvw53e";
export const SERVICE = "service-d6ncf10e";
export const API = "api-99ibag7i";
export const HOST = `${SERVICE}-1300000001.gz.apigw.tencentcs.com`;
export const SECRET = "1F8ResqEDusTpkr0cStY4qWB8dWKnHfDNxSIvPZZ";
export const KEY = "APID63fFKcZjR4I0b3jRtaWr4Y9OJFLJOqOAf1lL";

const json = (value: unknown) => JSON.stringify(value);
const listOf = (list: string, items: readonly object[], total = items.length) =>
  json({ Result: { TotalCount: total, [list]: items }, RequestId: "1" });

/** An application as DescribeApiAppsStatus has it. */
export const app = (change: object = {}) => ({
  ApiAppName: "mobile-app",
  ApiAppId: APP,
  ApiAppSecret: SECRET,
  ApiAppDesc: "",
  CreatedTime: "2023-03-01T00:00:04Z",
  ModifiedTime: "2023-03-01T00:00:04Z",
  ApiAppKey: KEY,
  ...change,
});

export const apps = (...items: readonly object[]) => listOf("ApiAppSet", items);

/** A page with a total that is larger than what it has. */
export const appsOf = (total: number, ...items: readonly object[]) => listOf("ApiAppSet", items, total);

export const services = (change: object = {}) =>
  listOf("ServiceSet", [
    {
      ServiceId: SERVICE,
      ServiceName: "orders",
      OuterSubDomain: HOST,
      AvailableEnvironments: ["release"],
      ...change,
    },
  ]);

export const api = (change: object = {}) => ({
  ServiceId: SERVICE,
  ApiId: API,
  ApiName: "list",
  Path: "/orders",
  Method: "GET",
  Protocol: "HTTP",
  AuthType: "APP",
  ModifiedTime: "2023-03-01T00:00:00Z",
  ...change,
});

export const apis = (...items: readonly object[]) => listOf("ApiIdStatusSet", items);

export const bind = (change: object = {}) => ({
  ApiAppId: APP,
  ApiAppName: "mobile-app",
  ApiId: API,
  ServiceId: SERVICE,
  EnvironmentName: "release",
  ...change,
});

export const binds = (...items: readonly object[]) => listOf("ApiAppApiSet", items);

/** A whole export with one application that may call one API; parts can be replaced or added. */
export const whole = (change: Readonly<Record<string, string | undefined>> = {}) =>
  Object.entries({
    "apps.json": apps(app()),
    "services.json": services(),
    "apis.json": apis(api()),
    "binds.json": binds(bind()),
    ...change,
  }).flatMap(([name, text]) => (text === undefined ? [] : [[name, text] as const]));

/** A state with these resources: pairs of the type behind the provider's prefix, and the attributes. */
export const state = (
  resources: readonly (readonly [type: string, attributes: object, more?: object])[],
  head: object = {},
) =>
  json({
    version: 4,
    terraform_version: "1.11.4",
    serial: 1,
    lineage: "a",
    outputs: {},
    resources: resources.map(([type, attributes, more], index) => ({
      mode: "managed",
      type: type.startsWith("tencentcloud_") ? type : `tencentcloud_api_gateway_${type}`,
      name: `r${index}`,
      provider: "",
      instances: [{ schema_version: 0, attributes, sensitive_attributes: [], ...more }],
    })),
    ...head,
  });

export const stateApp = (change: object = {}) => ({
  id: APP,
  api_app_id: APP,
  api_app_name: "mobile-app",
  api_app_desc: "",
  api_app_key: KEY,
  api_app_secret: SECRET,
  modified_time: "2023-03-01T00:00:04Z",
  ...change,
});
