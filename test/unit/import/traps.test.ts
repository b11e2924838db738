import { describe, expect, test } from "@jest/globals";
import { imported, lines, runImport, textsOf } from "../../support/import/imported.ts";
import {
  API,
  APP,
  api,
  apis,
  app,
  apps,
  appsOf,
  bind,
  binds,
  HOST,
  KEY,
  SECRET,
  SERVICE,
  services,
  state,
  stateApp,
  whole,
} from "../../support/tencent/smallTenant.ts";

const OTHER = "app-q7xkwo88";
const OTHER_API = "api-1mnbqns6";
const pairsOf = (files: Parameters<typeof imported>[0]) =>
  imported(files).objects.applications.map(({ vendorId, pair }) => [
    vendorId,
    pair?.apiAppKey,
    pair?.apiAppSecret.reveal(),
  ]);
const grantsOf = (files: Parameters<typeof imported>[0], options = {}) =>
  imported(files, options).objects.grants.map(
    ({ environment, apis: granted, applications, isSuspended }) => ({
      environment,
      paths: granted.flatMap(({ paths }) => paths.map(({ value }) => value)),
      applications: applications.map((one) => ("name" in one ? one.name : one.applicationId)),
      isSuspended,
    }),
  );
const problemsOf = (files: Parameters<typeof imported>[0]) => {
  const result = runImport(files);
  return result.ok ? [] : result.problems.map(({ file, at, message }) => `${file}: ${at}: ${message}`);
};
const OPEN = [
  { environment: "release", paths: ["/orders"], applications: ["mobile-app-e9uvw53e"], isSuspended: false },
];

test("one application that may call one API becomes one grant", () => {
  expect(grantsOf(whole())).toEqual(OPEN);
  expect(textsOf(imported(whole())).get("secrets/mobile-app-e9uvw53e-vendor.yaml")).toContain(
    `ApiAppSecret: "${SECRET}"`,
  );
});

describe("the form of a file does not matter:", () => {
  const utf16 = (text: string) => Buffer.from(`\ufeff${text.replaceAll("\n", "\r\n")}`, "utf16le");
  const cases: Record<string, () => Parameters<typeof imported>[0]> = {
    "UTF-16 with a byte order mark, as PowerShell writes it": () =>
      whole().map(([name, text]) => [name, utf16(text)] as const),
    "UTF-8 with a byte order mark": () => whole().map(([name, text]) => [name, `\ufeff${text}`] as const),
    "appended responses in one file": () => [
      [
        "all.json",
        whole()
          .map(([, text]) => text)
          .join("\n"),
      ],
    ],
    "with the level Response": () => whole().map(([name, text]) => [name, `{"Response":${text}}`] as const),
    "with the call around it": () =>
      whole().map(([name, text]) => [name, `{"Action":"x","Params":{},"Response":${text}}`] as const),
    "a bare list of --filter": () => whole({ "apps.json": JSON.stringify([app()]) }),
    "null for lists that are empty": () =>
      whole({ "more.json": '{"Result":{"TotalCount":0,"ApiAppSet":null}}', "null.json": '{"Result":null}' }),
  };
  test.each(Object.entries(cases))("%s", (_, files) => {
    expect(grantsOf(files())).toEqual(OPEN);
  });
});

describe("a file that is of no use is named with what to do:", () => {
  const cases: Record<string, [string, string | Uint8Array, RegExp]> = {
    "an empty file": [
      "a.json",
      "",
      /is empty: the command that wrote it failed, or its --filter matched nothing/,
    ],
    "blanks alone": ["a.json", " \r\n", /is empty/],
    "a table": ["a.table", `${"-".repeat(60)}\n|   action   |\n`, /is a table .*--output json/],
    "tab-separated text": ["a.txt", "RESULT\t3\nAPIAPPSET\tx\ty\n", /is tab-separated text .*--output json/],
    "an error message": ["a.json", "[TencentCloudSDKException] code:AuthFailure", /error message of tccli/],
    "an error response": [
      "a.json",
      '{"Response":{"Error":{"Code":"AuthFailure","Message":"x"}}}',
      /is the error AuthFailure/,
    ],
    "a projection of --filter": ["a.json", '[{"id":"a","key":"b"}]', /other names than the vendor's/],
    "a saved plan": ["plan.out", Buffer.from("PK\u0003\u0004xxxx"), /zip archive.*terraform show -json/],
    "an encrypted state": [
      "a.tfstate",
      '{"serial":1,"lineage":"a","meta":{},"encrypted_data":"x"}',
      /tofu state pull/,
    ],
    "the settings of a backend": [
      "a.tfstate",
      '{"version":3,"backend":{"type":"s3"}}',
      /settings of a backend.*state pull/,
    ],
    "a state of an old Terraform": [
      "a.tfstate",
      '{"version":3,"serial":1,"lineage":"a","modules":[]}',
      /Terraform before 0.12/,
    ],
    "the text of terraform show": [
      "a.txt",
      '# tencentcloud_api_gateway_api.a:\nresource "x" "y" {',
      /terraform show -json/,
    ],
    "the text of terraform output": ["a.txt", "app_keys = <sensitive>\n", /terraform output/],
    "terraform output -json": [
      "a.json",
      '{"keys":{"sensitive":true,"type":"string","value":"x"}}',
      /output -json/,
    ],
    "a stack of Pulumi": [
      "a.json",
      '{"version":3,"deployment":{"resources":[]}}',
      /Pulumi, which is not read/,
    ],
    "Serverless Framework": [
      "serverless.yml",
      "component: apigateway\nname: x\n",
      /Serverless Framework, which holds no keys/,
    ],
    OpenAPI: ["a.json", '{"openapi":"3.0.0","paths":{}}', /OpenAPI document/],
    "a lock of a state": ["a.lock.info", '{"ID":"1","Operation":"apply","Who":"me"}', /lock of a state/],
    "domains of an unknown service": [
      "d.json",
      '{"Result":{"TotalCount":1,"DomainSet":[{"DomainName":"a.example.com"}]}}',
      /does not name its service/,
    ],
    "mappings of an unknown domain": [
      "m.json",
      '{"Result":{"IsDefaultMapping":true,"PathMappingSet":[]}}',
      /unknown domain.*name the file after the domain/,
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [name, content, text]) => {
    const { findings } = imported([...whole(), [name, content]]);
    expect(lines(findings).filter((line) => line.startsWith("FileNotUsed"))).toEqual([
      expect.stringMatching(text),
    ]);
  });
});

describe("pages:", () => {
  test("a list of which pages are missing is a decision", () => {
    const { findings } = imported(whole({ "apps.json": appsOf(3, app()) }));
    expect(lines(findings, "decision")).toContainEqual(
      expect.stringMatching(/^Incomplete: ApiAppSet: 1 of 3 are in the files/),
    );
  });

  test("pages in several files make a whole list", () => {
    const files = whole({
      "apps.json": appsOf(2, app()),
      "second.json": appsOf(2, app({ ApiAppId: OTHER, ApiAppKey: "APIDother" })),
    });
    expect(lines(imported(files).findings).filter((line) => line.startsWith("Incomplete"))).toEqual([]);
  });
});

describe("key pairs:", () => {
  const march = state([["api_app", stateApp()]]);
  const later = {
    ModifiedTime: "2023-10-01T00:00:00Z",
    ApiAppSecret: "z".repeat(40),
    ApiAppKey: "APIDlater",
  };

  test("of two pairs the later ModifiedTime counts, whatever the order of the files", () => {
    for (const files of [
      [
        ["a.tfstate", march],
        ["b.json", apps(app(later))],
      ] as const,
      [
        ["b.tfstate", march],
        ["a.json", apps(app(later))],
      ] as const,
    ])
      expect(pairsOf(files)).toEqual([[APP, "APIDlater", "z".repeat(40)]]);
    const { findings } = imported([
      ["a.tfstate", march],
      ["b.json", apps(app(later))],
    ]);
    expect(lines(findings, "note")).toContainEqual(
      expect.stringMatching(/^KeyConflict: application mobile-app .*b\.json/),
    );
  });

  test("two secrets of equal times are an error, and the message has no secret", () => {
    const problems = problemsOf([
      ["a.json", apps(app())],
      ["b.json", apps(app({ ApiAppSecret: "y".repeat(40) }))],
    ]);
    expect(problems).toEqual([
      expect.stringMatching(
        /^a\.json: Result\.ApiAppSet\[0\]: .*another key pair in b\.json: .*leave the older file out/,
      ),
    ]);
    expect(problems.join()).not.toMatch(new RegExp(`${SECRET}|${"y".repeat(40)}`));
  });

  const unusable: Record<string, object> = {
    "a masked secret": { ApiAppSecret: "************" },
    "the secret of an example": { ApiAppSecret: "xxx" },
    "an empty key": { ApiAppKey: "" },
    "no secret": { ApiAppSecret: null },
    "a secret that anybody could guess": { ApiAppSecret: "short" },
    "a secret with a line end": { ApiAppSecret: `${SECRET}\n` },
  };
  test.each(Object.entries(unusable))("%s is a decision, and no Secret is written", (_, change) => {
    const result = imported(whole({ "apps.json": apps(app(change)) }));
    expect(lines(result.findings, "decision")).toContainEqual(
      expect.stringMatching(/^KeyMissing: application mobile-app/),
    );
    expect([...textsOf(result).keys()].filter((path) => path.startsWith("secrets/"))).toEqual([]);
    expect([...textsOf(result).keys()]).toContain("applications/mobile-app-e9uvw53e.yaml");
  });

  test("a masked pair in one file does not hide the pair of another", () => {
    const masked = app({ ApiAppSecret: "***", ModifiedTime: "2024-01-01T00:00:00Z" });
    expect(
      pairsOf([
        ["a.json", apps(masked)],
        ["b.tfstate", march],
      ]),
    ).toEqual([[APP, KEY, SECRET]]);
  });

  test("a custom secret of 10 to 15 characters is admitted by allowShortSecret", () => {
    const result = imported(whole({ "apps.json": apps(app({ ApiAppSecret: "abcdefghij" })) }));
    expect(textsOf(result).get("applications/mobile-app-e9uvw53e.yaml")).toContain("allowShortSecret: true");
    expect(lines(result.findings)).toContainEqual(expect.stringMatching(/^KeyShort: /));
  });

  test("a state that is older than a reset of the key has no usable pair", () => {
    const reset = state([
      ["api_app", stateApp()],
      ["update_api_app_key", { id: APP, api_app_id: APP, api_app_key: "APIDnew" }],
    ]);
    expect(pairsOf([["a.tfstate", reset]])).toEqual([[APP, undefined, undefined]]);
  });

  test("an ApiAppKey of two applications goes to the one that was modified last, or to no one of them", () => {
    const copy = (time: string) => apps(app(), app({ ApiAppId: OTHER, ModifiedTime: time }));
    expect(pairsOf([["a.json", copy("2024-01-01T00:00:00Z")]]).map(([, key]) => key)).toEqual([
      undefined,
      KEY,
    ]);
    expect(pairsOf([["a.json", copy("2023-03-01T00:00:04Z")]]).map(([, key]) => key)).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe("bindings:", () => {
  test("a binding to an application that no file has is a decision, and its id is never an applicationId", () => {
    const result = imported(
      whole({ "binds.json": binds(bind(), bind({ ApiAppId: OTHER, ApiAppName: "partner" })) }),
    );
    expect(lines(result.findings, "decision")).toContainEqual(
      expect.stringMatching(/^Partner: application partner \(app-q7xkwo88\): .*--partners/),
    );
    for (const [path, text] of textsOf(result))
      if (path !== "MIGRATION.md") expect(text).not.toContain(OTHER);
  });

  test("a partner gets its grant by the applicationId of --partners", () => {
    const files = whole({ "binds.json": binds(bind({ ApiAppId: OTHER })) });
    const partners = new Map([[OTHER, { applicationId: "app-k3v9x0q2", namespace: "team-partner" }]]);
    expect(grantsOf(files, { partners })).toEqual([{ ...OPEN[0], applications: ["app-k3v9x0q2"] }]);
  });

  test("an id of the vendor's in --partners is refused", () => {
    const files = whole({ "binds.json": binds(bind({ ApiAppId: OTHER })) });
    const result = runImport(files, { partners: new Map([[OTHER, { applicationId: OTHER }]]) });
    expect(result).toMatchObject({
      ok: false,
      usage: [expect.stringMatching(/is an id of the old gateway/)],
    });
  });

  const decisions: Record<string, [Readonly<Record<string, string>>, RegExp]> = {
    "to an API that no file has": [
      { "binds.json": binds(bind({ ApiId: OTHER_API })) },
      /^ApiMissing: API api-1mnbqns6/,
    ],
    "in an environment that is not released": [
      { "binds.json": binds(bind({ EnvironmentName: "test" })) },
      /^NotReleased: API list .* in test/,
    ],
    "to an API that did not exist at the release": [
      {
        "apis.json": JSON.stringify({
          Result: { ...api(), RequestConfig: { Path: "/orders", Method: "GET" }, Environments: [] },
        }),
      },
      /^NotReleased: API list/,
    ],
    "of a service without released environments in any file": [
      { "services.json": services({ AvailableEnvironments: null }) },
      /^NotReleased: service orders .*--assume-released/,
    ],
    "to an API without authentication": [
      { "apis.json": apis(api({ AuthType: "NONE" })) },
      /^NotAppAuth: .*route them around/,
    ],
    "to an API with API keys": [
      { "apis.json": apis(api({ AuthType: "SECRET" })) },
      /^NotAppAuth: .*AuthType SECRET/,
    ],
    "to a WebSocket API": [{ "apis.json": apis(api({ Protocol: "WEBSOCKET" })) }, /^NotAppAuth: .*WebSocket/],
    "to an API with a regular expression": [
      { "apis.json": apis(api({ Path: "/orders/[0-9]+$" })) },
      /^PathNotSupported: .*is a regular expression.*may use \/orders\/\{v2\}/,
    ],
    "to an API with an IP strategy": [
      {
        "ip.json": JSON.stringify({
          Result: { StrategySet: [{ StrategyName: "office", BindApis: [{ ApiId: API }] }] },
        }),
      },
      /^Restricted: .*IP strategy office/,
    ],
    "to an API with a plugin": [
      {
        [`${SERVICE}/plugins/${API}.json`]: JSON.stringify({
          Result: {
            PluginSummary: [{ PluginName: "office-only", PluginType: "IPControl", Environment: "release" }],
          },
        }),
      },
      /^Restricted: .*plugin office-only/,
    ],
  };
  test.each(Object.entries(decisions))("%s are decisions, never open grants", (_, [change, line]) => {
    const result = imported(whole(change));
    expect(lines(result.findings, "decision")).toContainEqual(expect.stringMatching(line));
    expect(result.objects.grants.filter(({ isSuspended }) => !isSuspended)).toEqual([]);
  });

  test("a regular expression is listed with the paths of captured requests that it matches", () => {
    const files = whole({ "apis.json": apis(api({ Path: "/orders/[0-9]+$" })) });
    const seenPaths = ["/orders/1", "/orders/22", "/orders/a", "/other"];
    expect(lines(imported(files, { seenPaths }).findings, "decision")).toContainEqual(
      expect.stringMatching(
        /^PathNotSupported: .*Captured requests have \/orders\/1, \/orders\/22; until then/,
      ),
    );
  });

  test("an API with an IP strategy has its callers in a suspended grant", () => {
    const [, [change]] = Object.entries(decisions).find(([name]) => name.includes("IP strategy")) ?? [
      "",
      [{}, /x/],
    ];
    expect(grantsOf(whole(change))).toEqual([{ ...OPEN[0], isSuspended: true }]);
  });

  test("an unreleased environment is granted with --assume-released where no file lists the released ones", () => {
    expect(
      grantsOf(whole({ "services.json": services({ AvailableEnvironments: null }) }), {
        assumesReleased: true,
      }),
    ).toEqual(OPEN);
  });

  test("a binding that only the state has, and not the newer list of its service, is not granted", () => {
    const old = state([
      ["api_app_attachment", { id: `${OTHER}#release#${SERVICE}#${API}` }],
      ["api_app", stateApp({ id: OTHER, api_app_id: OTHER, api_app_key: "APIDother" })],
    ]);
    const files = [
      ...whole({ "binds.json": undefined }),
      [`${SERVICE}/api-apps-0000.json`, binds(bind())] as const,
      ["a.tfstate", old] as const,
    ];
    expect(grantsOf(files)).toEqual(OPEN);
    expect(lines(imported(files).findings, "decision")).toContainEqual(
      expect.stringMatching(/^StaleBinding: app-q7xkwo88/),
    );
  });
});

test("a list of one application's bindings covers that application", () => {
  const old = state([
    ["api_app_attachment", { id: `${APP}#release#${SERVICE}#${OTHER_API}` }],
    ["api", { id: OTHER_API, service_id: SERVICE, auth_type: "APP", request_config_path: "/x" }],
  ]);
  const list = [`app/${APP}-0000.json`, binds(bind())] as const;
  const files = [...whole({ "binds.json": undefined }), list, ["a.tfstate", old] as const];
  expect(grantsOf(files).filter(({ isSuspended }) => !isSuspended)).toEqual(OPEN);
  expect(lines(imported(files).findings, "decision")).toContainEqual(
    expect.stringMatching(/^StaleBinding: app-e9uvw53e to api-1mnbqns6/),
  );
});

describe("grants:", () => {
  const second = api({ ApiId: OTHER_API, ApiName: "second", Path: "/second" });
  const third = api({ ApiId: "api-puq80idw", ApiName: "third", Path: "/third" });
  const two = apps(app(), app({ ApiAppId: OTHER, ApiAppName: "batch", ApiAppKey: "APIDother" }));

  test("only APIs with equal sets of applications share one", () => {
    const files = whole({
      "apps.json": two,
      "apis.json": apis(api(), second, third),
      "binds.json": binds(
        bind(),
        bind({ ApiId: OTHER_API }),
        bind({ ApiId: OTHER_API, ApiAppId: OTHER }),
        bind({ ApiId: "api-puq80idw" }),
      ),
    });
    expect(grantsOf(files)).toEqual([
      { ...OPEN[0], paths: ["/second"], applications: ["batch-q7xkwo88", "mobile-app-e9uvw53e"] },
      { ...OPEN[0], paths: ["/orders", "/third"] },
    ]);
  });

  test("an API that no application may call keeps its path in a suspended grant", () => {
    const files = whole({ "apis.json": apis(api(), api({ ApiId: OTHER_API, Path: "/orders/{id}" })) });
    expect(grantsOf(files)).toContainEqual({
      ...OPEN[0],
      paths: ["/orders/{id}"],
      applications: ["no-application"],
      isSuspended: true,
    });
  });

  test("more applications, APIs and hosts than a grant may have are split", () => {
    const ids = Array.from({ length: 300 }, (_, index) => `app-${String(index).padStart(8, "0")}`);
    const many = Array.from({ length: 40 }, (_, index) => `api-${String(index).padStart(8, "0")}`);
    const files = whole({
      "apps.json": apps(...ids.map((id) => app({ ApiAppId: id, ApiAppKey: `APID${id}` }))),
      "apis.json": apis(...many.map((id) => api({ ApiId: id, Path: `/${id}` }))),
      "binds.json": binds(...ids.flatMap((ApiAppId) => many.map((ApiId) => bind({ ApiAppId, ApiId })))),
    });
    const { grants } = imported(files).objects;
    expect(grants.map(({ apis: some, applications }) => [some.length, applications.length])).toEqual([
      [32, 256],
      [32, 44],
      [8, 256],
      [8, 44],
    ]);
    expect(new Set(grants.map(({ name }) => name)).size).toBe(4);
  });

  test("callers of ANY do not get the methods that another API of the same path has", () => {
    const files = whole({
      "apps.json": two,
      "apis.json": apis(api({ Method: "ANY" }), api({ ApiId: OTHER_API })),
      "binds.json": binds(bind(), bind({ ApiId: OTHER_API, ApiAppId: OTHER })),
    });
    const methods = imported(files).objects.grants.map(({ apis: some, applications }) => [
      some[0]?.methods,
      applications,
    ]);
    expect(methods).toEqual([
      [["GET"], [{ name: "batch-q7xkwo88" }]],
      [["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"], [{ name: "mobile-app-e9uvw53e" }]],
    ]);
  });
});

describe("names:", () => {
  test("end with the vendor's id, so that equal names stay apart", () => {
    const named = (ApiAppName: string, id: string) =>
      app({ ApiAppName, ApiAppId: id, ApiAppKey: `APID${id}` });
    const files = [
      [
        "a.json",
        apps(
          named("Mobile App", "app-00000001"),
          named("mobile_app", "app-00000002"),
          named("合作伙伴", "app-00000003"),
          named("x".repeat(70), "app-00000004"),
        ),
      ],
    ] as const;
    const { objects, findings } = imported(files);
    expect(objects.applications.map(({ name }) => name)).toEqual([
      "mobile-app-00000001",
      "mobile-app-00000002",
      "application-00000003",
      `${"x".repeat(54)}-00000004`,
    ]);
    expect(objects.applications.every(({ secretName }) => secretName.length <= 63)).toBe(true);
    expect(lines(findings)).toContainEqual(expect.stringMatching(/^Shortened: application xxx/));
  });
});

describe("hosts:", () => {
  test("a default host is written for tests, and its callers are a decision", () => {
    const result = imported(whole());
    expect(result.objects.domains).toEqual([
      { name: HOST, host: HOST, environments: [{ name: "release", pathPrefix: "/release" }] },
    ]);
    expect(lines(result.findings, "decision")).toContainEqual(
      expect.stringMatching(/^HostDies: host service-d6ncf10e-.*bound to the service: mobile-app/),
    );
  });

  test("--host gives it a new one", () => {
    const result = imported(whole(), { hosts: new Map([[HOST, "orders.example.com"]]) });
    expect(result.objects.domains.map(({ host }) => host)).toEqual(["orders.example.com"]);
    expect(lines(result.findings).filter((line) => line.startsWith("HostDies"))).toEqual([]);
  });

  test("--host for a host that no service has is refused, and so is one host for two services", () => {
    expect(runImport(whole(), { hosts: new Map([["a.example.com", "b.example.com"]]) })).toMatchObject({
      ok: false,
      usage: [expect.stringMatching(/no service in the files has the host a\.example\.com/)],
    });
    const other = services({ ServiceId: "service-qsaj08xu", OuterSubDomain: "other.example.com" });
    const hosts = new Map([
      [HOST, "x.example.com"],
      ["other.example.com", "x.example.com"],
    ]);
    expect(runImport(whole({ "other.json": other }), { hosts })).toMatchObject({
      ok: false,
      usage: [expect.stringMatching(/host of another service/)],
    });
  });

  const custom = (isDefault: boolean, ...mappings: readonly (readonly [string, string])[]) =>
    JSON.stringify({
      Result: {
        IsDefaultMapping: isDefault,
        PathMappingSet: mappings.map(([Path, Environment]) => ({ Path, Environment })),
      },
    });
  const domainOf = (change: Readonly<Record<string, string>>) =>
    imported(whole(change)).objects.domains.find(({ host }) => host === "api.example.com")?.environments;

  test("a custom mapping replaces the default one", () => {
    const place = `${SERVICE}/mappings/api.example.com.json`;
    expect(domainOf({ [place]: custom(false, ["/", "release"], ["/beta", "test"]) })).toEqual([
      { name: "release", pathPrefix: "/" },
      { name: "test", pathPrefix: "/beta" },
    ]);
    expect(domainOf({ [place]: custom(true) })).toEqual([{ name: "release", pathPrefix: "/release" }]);
  });

  test("a mapping that an ApiDomain cannot have is a decision", () => {
    const place = `${SERVICE}/mappings/api.example.com.json`;
    const { findings } = imported(whole({ [place]: custom(false, ["/a", "release"], ["/a/b", "test"]) }));
    expect(lines(findings, "decision")).toContainEqual(
      expect.stringMatching(/^DomainUnknown: domain api\.example\.com .*may lie under/),
    );
  });

  const stateDomain = (host: string, change: object = {}) =>
    [
      "custom_domain",
      {
        id: `${SERVICE}#${host}`,
        service_id: SERVICE,
        sub_domain: host,
        is_default_mapping: false,
        path_mappings: ["/#release"],
        ...change,
      },
    ] as const;

  test("a state with two domains of a service is not believed, unless tool output has the mapping", () => {
    const two = state([stateDomain("api.example.com"), stateDomain("open.example.com")]);
    const alone = imported([...whole(), ["a.tfstate", two]]);
    expect(lines(alone.findings, "decision").filter((line) => line.startsWith("DomainUnknown")).length).toBe(
      2,
    );
    const place = `${SERVICE}/mappings/api.example.com.json`;
    expect(domainOf({ "a.tfstate": two, [place]: custom(true) })).toEqual([
      { name: "release", pathPrefix: "/release" },
    ]);
  });

  test("a state with one domain is believed, unless it contradicts itself", () => {
    expect(domainOf({ "a.tfstate": state([stateDomain("api.example.com")]) })).toEqual([
      { name: "release", pathPrefix: "/" },
    ]);
    const contradiction = state([stateDomain("api.example.com", { is_default_mapping: true })]);
    expect(domainOf({ "a.tfstate": contradiction })).toBeUndefined();
  });
});

describe("--narrow:", () => {
  const rows = (...items: readonly (readonly [path: string, method: string])[]) =>
    apis(
      ...items.map(([Path, Method], index) =>
        api({ ApiId: `api-0000000${index}`, ApiName: `n${index}`, Path, Method }),
      ),
    );
  const narrow = (...items: readonly (readonly [path: string, method: string])[]) => {
    const bound = binds(...items.map((_, index) => bind({ ApiId: `api-0000000${index}` })));
    return imported(whole({ "apis.json": rows(...items), "binds.json": bound }), { isNarrow: true });
  };
  const losses = (...items: readonly (readonly [path: string, method: string])[]) =>
    lines(narrow(...items).findings).filter((line) => line.startsWith("Narrowed"));

  test("paths are of type Exact, Template and PathPrefix", () => {
    const { grants } = narrow(["=/a", "GET"], ["^~/b", "GET"], ["/c/{id}", "GET"], ["/d", "GET"]).objects;
    expect(grants.flatMap((grant) => grant.apis.flatMap(({ paths }) => paths))).toEqual([
      { type: "Exact", value: "/a" },
      { type: "PathPrefix", value: "/b" },
      { type: "Template", value: "/c/{id}" },
      { type: "PathPrefix", value: "/d" },
    ]);
  });

  const cases: Record<string, [readonly (readonly [string, string])[], readonly RegExp[]]> = {
    "an exact path loses nothing": [[["=/a", "GET"]], []],
    "a plain path loses what does not end with its segment": [
      [["/a", "GET"]],
      [/GET \/a: .*, \/a-x is lost$/],
    ],
    "variables lose requests over several segments": [[["/a/{id}", "GET"]], [/\/a\/a\/b is lost$/]],
    "a request over several segments may be decided by a plain path": [
      [
        ["/a", "GET"],
        ["/a/{id}", "GET"],
      ],
      [/GET \/a: .*\/a-x is lost$/, /GET \/a\/{id}: .*\/a\/ is|\/a\/a\/b is decided by API n0/],
    ],
    "a marked prefix yields to variables": [
      [
        ["^~/a", "GET"],
        ["/a/{id}", "GET"],
      ],
      [/GET \^~\/a: .*\/a\/x is decided by API n1/],
    ],
    "a variable that is part of a segment cannot be written": [
      [["/f/{n}.json", "GET"]],
      [/\/f\/a\/b\.json is lost$/],
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [items, texts]) => {
    expect(losses(...items)).toEqual(texts.map((text) => expect.stringMatching(text)));
  });

  test("a path that two APIs would share is granted for the one that decided at the vendor", () => {
    const { objects, findings } = narrow(["/a", "GET"], ["^~/a", "GET"]);
    expect(objects.grants.flatMap((grant) => grant.apis.map(({ name }) => name))).toEqual(["n1-00000001"]);
    expect(lines(findings, "decision")).toContainEqual(
      expect.stringMatching(/^Overlap: API n0 .*it is not granted/),
    );
  });
});

describe("states:", () => {
  const older = state(
    [["api_app", stateApp({ api_app_key: "APIDold", modified_time: "2022-01-01T00:00:00Z" })]],
    { serial: 1 },
  );
  const newer = state([["api_app", stateApp()]], { serial: 2 });

  test("of one lineage the highest serial counts", () => {
    expect(
      pairsOf([
        ["a/old.tfstate", older],
        ["b.tfstate", newer],
      ]),
    ).toEqual([[APP, KEY, SECRET]]);
  });

  test("a backup is read only where it is named itself", () => {
    const emptied = state([], { serial: 3 });
    const found = imported([
      ["terraform.tfstate", emptied],
      ["terraform.tfstate.backup", newer],
    ]);
    expect(found.objects.applications).toEqual([]);
    expect(lines(found.findings, "decision")).toContainEqual(
      expect.stringMatching(
        /^FileNotUsed: terraform\.tfstate\.backup: .*if a refresh emptied it, name this file alone/,
      ),
    );
    expect(pairsOf([["!terraform.tfstate.backup", newer]])).toEqual([[APP, KEY, SECRET]]);
  });

  test("a tainted object is live, a deposed one is not", () => {
    const both = state([
      ["api_app", stateApp(), { status: "tainted" }],
      ["api_app", stateApp({ id: OTHER, api_app_id: OTHER }), { deposed: "805ef0e6" }],
    ]);
    expect(pairsOf([["a.tfstate", both]])).toEqual([[APP, KEY, SECRET]]);
    expect(lines(imported([["a.tfstate", both]]).findings)).toContainEqual(
      expect.stringMatching(/is a deposed object/),
    );
  });

  test("of a plan the prior state is read, never the planned values", () => {
    const values = (key: string) => ({
      root_module: {
        resources: [
          {
            address: "a",
            mode: "managed",
            type: "tencentcloud_api_gateway_api_app",
            values: stateApp({ api_app_key: key }),
          },
        ],
      },
    });
    const plan = {
      format_version: "1.2",
      planned_values: values("APIDplanned"),
      prior_state: { values: values(KEY) },
    };
    expect(pairsOf([["plan.json", JSON.stringify(plan)]])).toEqual([[APP, KEY, SECRET]]);
  });

  test("a late adopter's state has paths in the service alone, and the authentication is a decision", () => {
    const late = state([
      ["api_app", stateApp()],
      [
        "service",
        {
          id: SERVICE,
          service_name: "orders",
          outer_sub_domain: HOST,
          api_list: [{ api_id: API, api_name: "list", path: "/orders", method: "GET" }],
        },
      ],
      ["service_release", { id: `${SERVICE}#release#1`, service_id: SERVICE, environment_name: "release" }],
      ["api_app_attachment", { id: `${APP}#release#${SERVICE}#${API}` }],
    ]);
    expect(grantsOf([["a.tfstate", late]])).toEqual(OPEN);
    expect(lines(imported([["a.tfstate", late]]).findings, "decision")).toContainEqual(
      expect.stringMatching(/^AuthAssumed: /),
    );
  });

  test("unknown resources and responses are counted, and nothing fails", () => {
    const odd = state([
      ["tencentcloud_cos_bucket", { id: "a" }],
      ["tencentcloud_vpc", { id: "b" }],
      ["usage_plan", { id: "c" }],
      ["brand_new", { id: "d" }],
    ]);
    const { findings } = imported([
      ["a.tfstate", odd],
      ["b.json", '{"Result":{"Strange":1}}'],
      ["c.json", '{"Flat":1}'],
    ]);
    expect(
      lines(findings)
        .filter((line) => line.startsWith("Resource"))
        .map((line) => line.split(":")[1]?.trim()),
    ).toEqual(
      [
        "a response that is not known",
        "a response with Strange",
        "resources of other products of the vendor",
        "tencentcloud_api_gateway_brand_new",
        "tencentcloud_api_gateway_usage_plan",
      ].toSorted(),
    );
  });
});

test("an API that was edited after the release is a note, since its released definition is in no export", () => {
  const environments = (VersionName: string) =>
    JSON.stringify({
      Result: {
        EnvironmentList: [{ EnvironmentName: "release", Url: `${HOST}/release`, Status: 1, VersionName }],
      },
    });
  const notes = (version: string) =>
    lines(imported(whole({ "environments.json": environments(version) })).findings).filter((line) =>
      line.startsWith("ApiEdited"),
    );
  expect(notes("20230228235959-mrcxggcj")).toEqual([expect.stringMatching(/^ApiEdited: API list/)]);
  expect(notes("20230301000000-mrcxggcj")).toEqual([]);
});

describe("broken input is a sentence with file and place:", () => {
  const cases: Record<string, [string, RegExp]> = {
    "truncated JSON": [
      apps(app()).slice(0, 120),
      /^a\.json: line 1, column 121: ends in the middle of a JSON text/,
    ],
    "a missing comma": ['{"Result":{"A":1 "B":2}}', /^a\.json: line 1, column 18: is not valid JSON here/],
    "a key that is there twice": [
      '{"Result":\n{"TotalCount":1,"TotalCount":2}}',
      /^a\.json: line 2, column 17: has the same key twice/,
    ],
    "text where a number belongs": [
      '{"Result":{"TotalCount":"3","ApiAppSet":[]}}',
      /^a\.json: Result\.TotalCount: must be a number/,
    ],
    "a number where text belongs": [
      apps(app({ ApiAppKey: 5 })),
      /^a\.json: Result\.ApiAppSet\[0\]\.ApiAppKey: must be text/,
    ],
    "an object where a list belongs": [
      '{"Result":{"ApiAppSet":{}}}',
      /^a\.json: Result\.ApiAppSet: must be a list/,
    ],
    "text in a list of objects": [
      '{"Result":{"ApiAppSet":["x"]}}',
      /^a\.json: Result\.ApiAppSet\[0\]: must be an object/,
    ],
    "an application without its id": [
      apps(app({ ApiAppId: "" })),
      /^a\.json: Result\.ApiAppSet\[0\]: has no id/,
    ],
    "a word that is no JSON": ['{"Result": yes}', /^a\.json: : is not valid JSON in UTF-8/],
    "too many levels": [
      `${"[".repeat(300)}${"]".repeat(300)}`,
      /^a\.json: line 1, column 201: is nested deeper than 200/,
    ],
    "a line end in a string": ['{"Result":"a\nb"}', /line end or control character/],
  };
  test.each(Object.entries(cases))("%s", (_, [text, problem]) => {
    const problems = problemsOf([...whole(), ["a.json", text]]);
    expect(problems).toContainEqual(expect.stringMatching(problem));
    expect(problems.join()).not.toMatch(new RegExp(`${SECRET}|${KEY}`));
  });

  test("bytes that are not UTF-8", () => {
    expect(problemsOf([["a.json", Buffer.from('{"Result":"\xff"}', "latin1")]])).toEqual([
      expect.stringMatching(/is not valid JSON in UTF-8/),
    ]);
  });
});
