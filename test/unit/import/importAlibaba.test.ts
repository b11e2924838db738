import { describe, expect, test } from "@jest/globals";
import { ALIBABA } from "../../../src/import/gateway/alibaba.ts";
import type { PlanOptions } from "../../../src/import/plan/options.ts";
import {
  API,
  APP,
  api,
  app,
  authorized,
  authorizedApps,
  DOMAIN,
  deployed,
  domain,
  GROUP,
  group,
  HOST,
  inStage,
  KEY,
  page,
  printed,
  SECRET,
  STATE,
  security,
  state,
  summary,
  whole,
} from "../../support/alibaba/smallTenant.ts";
import { type Files, imported, lines, runImport, textsOf } from "../../support/import/imported.ts";

const OTHER = "110840999";
const OTHER_API = "9b2f40685a3d7c1ea1c4e6d8f0b29c38";
const NAME = `mobile-app-${APP}`;

const read = (files: Files, options: Partial<PlanOptions> = {}) =>
  imported(files, { gateway: ALIBABA, ...options });
const grantsOf = (files: Files, options: Partial<PlanOptions> = {}) =>
  read(files, options).objects.grants.map(({ environment, apis, applications, isSuspended, expiresAt }) => ({
    environment,
    hosts: apis.flatMap(({ hosts }) => hosts),
    paths: apis.flatMap(({ paths }) => paths.map(({ type, value }) => `${type} ${value}`)),
    methods: apis.flatMap(({ methods }) => methods ?? ["all"]),
    applications: applications.map((one) => ("name" in one ? one.name : one.applicationId)),
    ...(isSuspended ? { isSuspended } : {}),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }));
const openOf = (files: Files, options: Partial<PlanOptions> = {}) =>
  grantsOf(files, options).filter(({ isSuspended }) => !isSuspended);
const decisionsOf = (files: Files, options: Partial<PlanOptions> = {}) =>
  lines(read(files, options).findings, "decision");
const OPEN = {
  environment: "release",
  hosts: [HOST, DOMAIN].sort(),
  paths: ["Exact /orders"],
  methods: ["GET"],
  applications: [NAME],
};

test("one application that may call one API becomes one grant, on the group's host and its custom domain", () => {
  expect(grantsOf(whole())).toEqual([OPEN]);
});

test("the Application allows AlibabaCA alone, and its key pair is the one of DescribeAppSecurity", () => {
  const texts = textsOf(read(whole()));
  expect(texts.get(`applications/${NAME}.yaml`)).toContain("signing:\n    schemes: [AlibabaCA]\n");
  expect(texts.get(`secrets/${NAME}-vendor.yaml`)).toContain(`ApiAppSecret: ${SECRET}`);
  expect(texts.get(`secrets/${NAME}-vendor.yaml`)).toContain(`ApiAppKey: "${KEY}"`);
});

test("the report names the gateway, and has no secret and no AppCode", () => {
  const report = textsOf(read(whole())).get("MIGRATION.md") ?? "";
  expect(report).toMatch(/^# Migration from Alibaba Cloud API Gateway\n/);
  expect(report).toContain(`| \`groups/${GROUP}/\` |`);
  expect(report).not.toMatch(new RegExp(`${SECRET}|${KEY}|xxxxxxxx`));
});

describe("the form of a file does not matter:", () => {
  const cases: Record<string, () => Files> = {
    "UTF-16 with a byte order mark": () =>
      whole().map(([name, text]) => [name, Buffer.from(`\ufeff${text}`, "utf16le")] as const),
    "below `body`, as the vendor's newer SDKs log it": () =>
      whole().map(([name, text]) => [name, `{"statusCode":200,"body":${text}}`] as const),
    "with the call around it, instead of the folders": () =>
      whole({
        [`apps/${APP}/security.json`]: undefined,
        [`${inStage()}/apps-0001.json`]: undefined,
        "keys.json": `{"Action":"DescribeAppSecurity","Params":{"AppId":${APP}},"Response":${security()}}`,
        "bound.json": `{"Params":{"GroupId":"${GROUP}","ApiId":"${API}","StageName":"RELEASE"},"Response":${authorizedApps(authorized())}}`,
      }),
    "a bare list of applications": () => whole({ "apps-0001.json": JSON.stringify([app()]) }),
    "DescribeApps instead of DescribeAppAttributes": () =>
      whole({ "apps-0001.json": page("Apps", "AppItem", [app()]) }),
    "an AppId as text": () =>
      whole({ "apps-0001.json": page("Apps", "AppAttribute", [app({ AppId: APP })]) }),
    "DescribeAuthorizedApis of the application instead of DescribeAuthorizedApps": () =>
      whole({
        [`${inStage()}/apps-0001.json`]: undefined,
        [`apps/${APP}/apis-0001.json`]: page("AuthorizedApis", "AuthorizedApi", [
          { GroupId: GROUP, ApiId: API, ApiName: "list", StageName: "RELEASE" },
        ]),
      }),
    "DescribeDeployedApis instead of DescribeDeployedApi": () =>
      whole({
        [`${inStage()}/deployed.json`]: undefined,
        [`groups/${GROUP}/RELEASE/deployed-0001.json`]: page("DeployedApis", "DeployedApiItem", [
          { ...summary(), DeployedInfos: undefined, StageName: "RELEASE" },
        ]),
      }),
  };
  test.each(Object.entries(cases))("%s", (_, files) => {
    expect(grantsOf(files())).toEqual([OPEN]);
  });
});

describe("a file that is of no use is named with what to do:", () => {
  const cases: Record<string, [string, string, RegExp]> = {
    "a table": [
      "a.txt",
      "AppId     | AppName\n-----     | -------\n110840611 | a\n",
      /is a table .*--output/,
    ],
    "an error message": [
      "a.json",
      "ERROR: SDK.ServerError\nErrorCode: Forbidden.RAM\n",
      /error message of aliyun/,
    ],
    "an error response": [
      "a.json",
      '{"Code":"Throttling","Message":"x","RequestId":"1"}',
      /is the error Throttling/,
    ],
    "a key pair without its application": [
      "keys.json",
      security(),
      /unknown application: put it into a folder/,
    ],
    "a key pair in a folder that is named after a date": [
      "export/20261128/security.json",
      security(),
      /unknown application/,
    ],
    "authorizations without their API": [
      "a.json",
      authorizedApps(authorized()),
      /applications of an unknown API/,
    ],
    "APIs of an unknown application": [
      "a.json",
      page("AuthorizedApis", "AuthorizedApi", [{}]),
      /APIs of an unknown application/,
    ],
    "plugins of an unknown API": [
      "a.json",
      page("Plugins", "PluginAttribute", [{ PluginId: "1" }]),
      /plugins of an unknown API/,
    ],
    "APIs of a rule of an unknown kind": [
      "a.json",
      page("ApiInfos", "ApiInfo", [{ ApiId: API }]),
      /unknown rule: for IP controls export DescribeApiIpControls/,
    ],
    "a list of something else": ["a.json", '[{"a":1}]', /other names/],
    "a deployed API without its stage": [
      `groups/${GROUP}/apis/${API}/x.json`,
      api({ DeployedTime: "2023-03-01T00:00:04Z" }),
      /without the StageName/,
    ],
    "a wildcard domain": [
      "g.json",
      printed({ ...group(), CustomDomains: { DomainItem: [domain({ DomainName: "*.example.com" })] } }),
      /wildcard domain \*\.example\.com/,
    ],
    OpenAPI: ["a.json", '{"swagger":"2.0","paths":{}}', /OpenAPI document.*export-script alibaba/],
  };
  test.each(Object.entries(cases))("%s", (_, [name, content, text]) => {
    const { findings } = read([...whole(), [name, content]]);
    expect(lines(findings).filter((line) => line.startsWith("FileNotUsed"))).toEqual([
      expect.stringMatching(text),
    ]);
  });
});

describe("what cannot be carried over exactly is a decision, never an open grant:", () => {
  const noAuth = { [`groups/${GROUP}/apis/${API}/api.json`]: undefined };
  const cases: Record<string, [Readonly<Record<string, string | undefined>>, RegExp]> = {
    "an API without authentication": [
      { [`${inStage()}/deployed.json`]: deployed({ AuthType: "ANONYMOUS" }) },
      /^NotAppAuth: .*ANONYMOUS.*route them around/,
    ],
    "an API that needs an OpenID token too": [
      { [`${inStage()}/deployed.json`]: deployed({ AuthType: "APPOPENID" }) },
      /^NotAppAuth: .*APPOPENID: a signature alone/,
    ],
    "an API whose AuthType no file has": [
      {
        ...noAuth,
        [`${inStage()}/deployed.json`]: undefined,
      },
      /^AuthAssumed: .*export DescribeApi or DescribeDeployedApi/,
    ],
    "an API whose method no file has": [
      {
        ...noAuth,
        [`groups/${GROUP}/apis-0001.json`]: undefined,
        [`${inStage()}/deployed.json`]: deployed({ method: "" }),
      },
      /^PathNotSupported: .*no file has its method/,
    ],
    "a WebSocket API": [
      { [`${inStage()}/deployed.json`]: deployed({ protocol: "HTTP,WEBSOCKET" }) },
      /^NotAppAuth: .*WebSocket/,
    ],
    "an API that only callers in the VPC may use": [
      { [`${inStage()}/deployed.json`]: deployed({ DisableInternet: true }) },
      /^Restricted: .*DisableInternet.*suspended: true; let Envoy serve it in that network/,
    ],
    "an API that checks nonces": [
      { [`${inStage()}/deployed.json`]: deployed({ ForceNonceCheck: true }) },
      /^Restricted: .*ForceNonceCheck.*replayProtection: \{mode: Required\}/,
    ],
    "an API with an IP control": [
      {
        [`groups/${GROUP}/RELEASE/ip-controls-0001.json`]: page("ApiIpControls", "ApiIpControlItem", [
          { ApiId: API, IpControlId: "7ea91319a34d48a09b5c9c871d9768b1", IpControlName: "office" },
        ]),
      },
      /^Restricted: .*IP control office/,
    ],
    "an API with a plugin that keeps callers out": [
      {
        [`${inStage()}/plugins-0001.json`]: page("Plugins", "PluginAttribute", [
          { PluginId: "9a", PluginName: "office-only", PluginType: "ipControl" },
        ]),
      },
      /^Restricted: .*plugin office-only \(ipControl\)/,
    ],
    "a group with a base path": [
      { [`groups/${GROUP}/group.json`]: printed(group({ BasePath: "/v1" })) },
      /^Restricted: .*BasePath \/v1 of the group.*compare the path with a captured request/,
    ],
    "a path with brackets in a segment": [
      { [`${inStage()}/deployed.json`]: deployed({ path: "/orders/[id].json" }) },
      /^PathNotSupported: .*no whole segment/,
    ],
    "an authorization in a stage to which the API is not deployed": [
      {
        [`${inStage("PRE")}/apps-0001.json`]: authorizedApps(authorized({ StageName: "PRE" })),
        [`${inStage()}/apps-0001.json`]: undefined,
      },
      /^NotReleased: API list .* in pre/,
    ],
    "an API of which no file lists the stages": [
      {
        ...noAuth,
        [`groups/${GROUP}/apis-0001.json`]: page("ApiSummarys", "ApiSummary", [
          summary({ DeployedInfos: undefined }),
          summary({ ApiId: OTHER_API, ApiPath: "/other" }),
        ]),
        [`${inStage()}/deployed.json`]: undefined,
      },
      /^NotReleased: API list/,
    ],
    "an authorization whose end is no time": [
      { [`${inStage()}/apps-0001.json`]: authorizedApps(authorized({ AuthVaildTime: "soon" })) },
      /^ExpiryUnknown: API .* \(soon\).*expiresAt/,
    ],
    "an application that no file has": [
      {
        [`${inStage()}/apps-0001.json`]: authorizedApps(
          authorized({ AppId: Number(OTHER), AppName: "partner" }),
        ),
      },
      /^Partner: application partner \(110840999\): .*--partners/,
    ],
    "an API that no file has": [
      {
        [`${inStage("RELEASE", OTHER_API)}/apps-0001.json`]: authorizedApps(authorized()),
        [`${inStage()}/apps-0001.json`]: undefined,
      },
      /^ApiMissing: API 9b2f4068/,
    ],
    "an API with different definitions in two stages": [
      {
        [`${inStage("TEST")}/deployed.json`]: deployed({ StageName: "TEST", path: "/v2/orders" }),
      },
      /^ApiConflict: /,
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [change, line]) => {
    expect(decisionsOf(whole(change))).toContainEqual(expect.stringMatching(line));
    expect(openOf(whole(change))).toEqual([]);
  });

  test("a missing page", () => {
    const one = page("Apps", "AppAttribute", [app()], { total: 60 });
    expect(decisionsOf(whole({ "apps-0001.json": one }))).toContainEqual(
      expect.stringMatching(/^Incomplete: Apps: 1 of 60 .*--PageSize 50 --PageNumber 1/),
    );
  });
});

test("a plugin in one stage leaves the grant of another stage open", () => {
  const both = [
    { StageName: "RELEASE", DeployedStatus: "DEPLOYED" },
    { StageName: "TEST", DeployedStatus: "DEPLOYED" },
  ];
  const files = whole({
    [`groups/${GROUP}/apis-0001.json`]: page("ApiSummarys", "ApiSummary", [
      summary({ DeployedInfos: { DeployedInfo: both } }),
    ]),
    [`${inStage("TEST")}/plugins-0001.json`]: page("Plugins", "PluginAttribute", [
      { PluginId: "9a", PluginName: "x", PluginType: "basicAuth" },
    ]),
  });
  expect(openOf(files)).toEqual([OPEN]);
});

test("a folder above the group that looks like a stage does not move a plugin to another stage", () => {
  const plugins = page("Plugins", "PluginAttribute", [
    { PluginId: "9a", PluginName: "x", PluginType: "ipControl" },
  ]);
  const files = [...whole(), [`EXPORT/groups/${GROUP}/apis/${API}/plugins.json`, plugins] as const];
  expect(openOf(files)).toEqual([]);
});

test("plugins that keep no caller out are counted, and hold nothing", () => {
  const plugins = page("Plugins", "PluginAttribute", [
    { PluginId: "9a", PluginName: "x", PluginType: "cors" },
  ]);
  const files = whole({ [`${inStage()}/plugins-0001.json`]: plugins });
  expect(openOf(files)).toEqual([OPEN]);
  expect(lines(read(files).findings, "note")).toContainEqual("Resource: plugins of type cors: 1 found");
});

test("the deployed definition counts more than the edited one, and the report names the difference", () => {
  const edited = api({ path: "/orders/[id]", ModifiedTime: "2026-01-01T00:00:00Z" });
  const files = whole({
    [`groups/${GROUP}/apis/${API}/api.json`]: edited,
    [`groups/${GROUP}/apis-0001.json`]: undefined,
  });
  expect(openOf(files)).toEqual([OPEN]);
  expect(lines(read(files).findings, "note")).toContainEqual(
    expect.stringMatching(/^ApiEdited: .*GET \/orders\/\[id\]/),
  );
});

test("callers that send an AppCode are counted, since they do not sign", () => {
  const files = whole({ [`groups/${GROUP}/apis/${API}/api.json`]: api({ AppCodeAuthType: "HEADER_QUERY" }) });
  expect(lines(read(files).findings, "note")).toContainEqual(
    expect.stringMatching(/^Resource: APIs that admit an AppCode/),
  );
});

describe("authorizations with an end:", () => {
  const END = "2027-01-01T08:00:00Z";

  test("the grant ends with them, in AuthVaildTime and in AuthValidTime", () => {
    for (const key of ["AuthVaildTime", "AuthValidTime"]) {
      const files = whole({ [`${inStage()}/apps-0001.json`]: authorizedApps(authorized({ [key]: END })) });
      expect(grantsOf(files)).toEqual([{ ...OPEN, expiresAt: END }]);
      const texts = [...textsOf(read(files))].filter(([path]) => path.startsWith("grants/"));
      expect(texts).toEqual([
        [expect.stringContaining("-until-20270101080000"), expect.stringContaining(`expiresAt: "${END}"`)],
      ]);
    }
  });

  test("of two ends of one authorization the earlier one counts", () => {
    const files = whole({
      [`${inStage()}/apps-0001.json`]: authorizedApps(authorized({ AuthVaildTime: "2028-01-01T00:00:00Z" })),
      [`apps/${APP}/apis-0001.json`]: page("AuthorizedApis", "AuthorizedApi", [
        { GroupId: GROUP, ApiId: API, StageName: "RELEASE", AuthVaildTime: END },
      ]),
    });
    expect(grantsOf(files)).toEqual([{ ...OPEN, expiresAt: END }]);
  });

  test("callers without an end get a grant of their own", () => {
    const files = whole({
      "apps-0001.json": page("Apps", "AppAttribute", [
        app(),
        app({ AppId: Number(OTHER), AppName: "batch" }),
      ]),
      [`${inStage()}/apps-0001.json`]: authorizedApps(
        authorized({ AuthVaildTime: END }),
        authorized({ AppId: Number(OTHER) }),
      ),
    });
    expect(grantsOf(files)).toEqual([
      { ...OPEN, applications: [`batch-${OTHER}`] },
      { ...OPEN, expiresAt: END },
    ]);
  });
});

describe("stages:", () => {
  const stages = (...names: readonly string[]) => ({
    DeployedInfos: { DeployedInfo: names.map((StageName) => ({ StageName, DeployedStatus: "DEPLOYED" })) },
  });
  const both = (domains: readonly object[]) =>
    whole({
      [`groups/${GROUP}/apis-0001.json`]: page("ApiSummarys", "ApiSummary", [
        summary(stages("RELEASE", "TEST")),
      ]),
      [`groups/${GROUP}/group.json`]: printed({ ...group(), CustomDomains: { DomainItem: domains } }),
      [`${inStage("TEST")}/apps-0001.json`]: authorizedApps(authorized({ StageName: "TEST" })),
    });
  const inTest = (host: string) => ({ ...OPEN, environment: "test", hosts: [host] });

  test("a domain that is bound to a stage is that of its environment alone", () => {
    const files = both([domain(), domain({ DomainName: "test.example.com", BindStageName: "TEST" })]);
    expect(grantsOf(files)).toEqual([OPEN, inTest("test.example.com")]);
    expect(read(files).objects.domains).toContainEqual({
      name: "test.example.com",
      host: "test.example.com",
      environments: [{ name: "test", pathPrefix: "/" }],
    });
  });

  test("a stage without a host is a decision, since no header chooses the environment here", () => {
    const files = both([domain()]);
    expect(grantsOf(files)).toEqual([OPEN]);
    expect(decisionsOf(files)).toContainEqual(
      expect.stringMatching(/^HostMissing: test of service orders .*--host \S+\/TEST=NEW/),
    );
  });

  test("--host OLD/STAGE=NEW gives it one, for the group's host and for a custom domain", () => {
    for (const old of [HOST, DOMAIN]) {
      const hosts = new Map([[`${old}/test`, "test.orders.example.com"]]);
      expect(openOf(both([domain()]), { hosts })).toEqual([OPEN, inTest("test.orders.example.com")]);
      expect(
        decisionsOf(both([domain()]), { hosts }).filter((line) => line.startsWith("HostMissing")),
      ).toEqual([]);
    }
  });

  test("one new host for two stages is refused", () => {
    const hosts = new Map([
      [HOST, "orders.example.com"],
      [`${HOST}/test`, "orders.example.com"],
    ]);
    expect(runImport(both([domain()]), { gateway: ALIBABA, hosts })).toMatchObject({
      ok: false,
      usage: [expect.stringMatching(/already a host of another environment/)],
    });
  });

  test("a stage may get a host that is bound to it already, and no host of another stage", () => {
    const files = both([domain(), domain({ DomainName: "test.example.com", BindStageName: "TEST" })]);
    const hosts = new Map([[`${HOST}/test`, "test.example.com"]]);
    expect(grantsOf(files, { hosts })).toEqual([OPEN, inTest("test.example.com")]);
    const pre = new Map([[`${HOST}/pre`, "test.example.com"]]);
    expect(runImport(files, { gateway: ALIBABA, hosts: pre })).toMatchObject({ ok: false });
  });

  test("a host of a stage that no group has is refused", () => {
    const hosts = new Map([["a.example.com/test", "b.example.com"]]);
    expect(runImport(whole(), { gateway: ALIBABA, hosts })).toMatchObject({
      ok: false,
      usage: [expect.stringMatching(/no service in the files has the host a\.example\.com$/)],
    });
  });
});

describe("a Terraform state", () => {
  const file = (resources: Parameters<typeof state>[0]) => [["terraform.tfstate", state(resources)]] as const;

  test("gives the same grant, and an Application whose key pair is a decision", () => {
    expect(openOf(file(STATE))).toEqual([{ ...OPEN, hosts: [HOST] }]);
    expect(decisionsOf(file(STATE))).toContainEqual(
      expect.stringMatching(
        /^KeyMissing: application mobile-app .*DescribeAppSecurity.*a Terraform state has none/,
      ),
    );
  });

  test("takes its key pair from DescribeAppSecurity", () => {
    const files = [...file(STATE), [`apps/${APP}/security.json`, security()] as const];
    expect(read(files).objects.applications.map(({ pair }) => pair?.apiAppKey)).toEqual([KEY]);
  });

  test("reads the ids of resources where attributes are missing", () => {
    const short = STATE.map(([type, { id, ...rest }]) =>
      type === "app_attachment" ? ([type, { id }] as const) : ([type, { id, ...rest }] as const),
    );
    expect(openOf(file(short))).toEqual([{ ...OPEN, hosts: [HOST] }]);
  });

  const held: Record<string, readonly [string, object]> = {
    "a plugin of the API": [
      "plugin_attachment",
      { plugin_id: "p1", api_id: API, group_id: GROUP, stage_name: "RELEASE" },
    ],
    "a plugin of the group": [
      "group_plugin_attachment",
      { plugin_id: "p1", group_id: GROUP, stage_name: "RELEASE" },
    ],
  };
  test.each(Object.entries(held))("holds the grant because of %s", (_, resource) => {
    expect(openOf(file([...STATE, resource]))).toEqual([]);
    expect(decisionsOf(file([...STATE, resource]))).toContainEqual(
      expect.stringMatching(/^Restricted: .*plugin p1/),
    );
  });

  test("holds nothing because of a plugin that the newer list of the API does not have", () => {
    const plugin = [
      "plugin_attachment",
      { plugin_id: "p1", api_id: API, group_id: GROUP, stage_name: "RELEASE" },
    ] as const;
    const none = page("Plugins", "PluginAttribute", []);
    const files = [...file([...STATE, plugin]), [`${inStage()}/plugins-0001.json`, none] as const];
    expect(openOf(files)).toEqual([{ ...OPEN, hosts: [HOST] }]);
  });

  test("loses an authorization that the newer list of the API does not have", () => {
    const files = [...file(STATE), ...whole({ [`${inStage()}/apps-0001.json`]: authorizedApps() })];
    expect(openOf(files)).toEqual([]);
    expect(decisionsOf(files)).toContainEqual(expect.stringMatching(/^StaleBinding: 110840611 to /));
  });

  test("counts what has no counterpart, by its type", () => {
    const more = [
      ["model", { id: "m" }],
      ["app", {}, { type: "alicloud_vpc" }],
    ] as const;
    const notes = lines(read(file([...STATE, ...more])).findings, "note");
    expect(notes).toContainEqual("Resource: alicloud_api_gateway_model: 1 found");
    expect(notes).toContainEqual("Resource: resources of other products of the vendor: 1 found");
  });

  test("reads data sources of applications and groups as copies", () => {
    const data = { mode: "data" };
    const files = file([
      ["apps", { apps: [{ id: Number(APP), name: "mobile-app", description: "" }] }, data],
      ["groups", { groups: [{ id: GROUP, name: "orders", sub_domain: HOST }] }, data],
      ...STATE.slice(2),
    ]);
    expect(openOf(files)).toEqual([{ ...OPEN, hosts: [HOST] }]);
  });
});

test("a partner gets its grant by the applicationId of --partners", () => {
  const files = whole({
    [`${inStage()}/apps-0001.json`]: authorizedApps(authorized({ AppId: Number(OTHER) })),
  });
  const partners = new Map([[OTHER, { applicationId: "app-k3v9x0q2", namespace: "team-partner" }]]);
  expect(openOf(files, { partners })).toEqual([{ ...OPEN, applications: ["app-k3v9x0q2"] }]);
});
