import { describe, expect, test } from "@jest/globals";
import { accessChanges } from "../../../../../src/access/diff.ts";
import { comparedInstallations, installationsOf } from "../../../../../src/access/installations.ts";
import { accessRows } from "../../../../../src/access/rows.ts";
import { parseRequest } from "../../../../../src/cli/commands/access/accessFlags.ts";
import { canText, decideCan } from "../../../../../src/cli/commands/access/can.ts";
import { diffText } from "../../../../../src/cli/commands/access/diffText.ts";
import { rowText } from "../../../../../src/cli/commands/access/rowText.ts";
import { declaredIn, treeOf } from "../../../../../src/cli/shared/tree/fileTree.ts";
import { treeFiles } from "../../../../support/treeFiles.ts";

const NOW = Date.parse("2026-11-24T09:00:00Z");
const HEAD = "apiVersion: countersign.dev/v1alpha1\n";
const DOMAIN = `${HEAD}kind: ApiDomain\nmetadata: {name: shop}\nspec:\n  hosts: ["*.x"]\n  namespaces: {names: [team]}\n  environments: [{name: release, pathPrefix: /}, {name: test, pathPrefix: /test}]\n`;
const app = (name: string, spec = "{}") =>
  `${HEAD}kind: Application\nmetadata: {name: ${name}, namespace: team}\nspec: ${spec}\n`;
const grant = (name: string, path: string, applications: string, more = "") =>
  `${HEAD}kind: ApiGrant\nmetadata: {name: ${name}, namespace: team}\nspec:\n  environment: release\n  apis: [{name: ${name}, hosts: [api.x], paths: [${path}], methods: [GET, POST]}]\n  applications: ${applications}\n${more}`;

const BASE = [
  DOMAIN,
  app("red"),
  app("blue", "{suspended: true}"),
  grant(
    "orders",
    "{value: /orders}",
    "[{name: red}, {name: blue}, {applicationId: app-k3v9x0q2, namespace: other}]",
  ),
];
const EXPORT = grant(
  "export",
  '{type: Exact, value: "/orders/export"}',
  "[{applicationId: app-k3v9x0q2, namespace: other}]",
);

const declared = (files: readonly string[]) => declaredIn(treeFiles({ "a.yaml": files.join("---\n") }));
const installed = (files: readonly string[]) => installationsOf(treeOf(declared(files)));
const rows = (files: readonly string[]) =>
  installed(files).flatMap(({ className, world }) =>
    [...accessRows(world, NOW)].map((row) => ({ ...row, className })),
  );

describe("the rows of access", () => {
  test("a table names Application, methods, host, path and grant; who is suspended has none", () => {
    expect(rowText(rows(BASE), "table")).toBe(
      [
        "APPLICATION             METHODS    HOST    PATH      TYPE         ENVIRONMENT   API           GRANT",
        "app-k3v9x0q2 in other   GET,POST   api.x   /orders   PathPrefix   release       team/orders   team/orders",
        "team/red                GET,POST   api.x   /orders   PathPrefix   release       team/orders   team/orders",
        "",
      ].join("\n"),
    );
  });

  test("CSV quotes lists", () => {
    expect(rowText(rows(BASE), "csv").split("\n")[2]).toBe(
      'team/red,"GET,POST",api.x,/orders,PathPrefix,release,team/orders,team/orders',
    );
  });

  test("JSON has a list of objects, and Markdown a table", () => {
    expect(JSON.parse(rowText(rows(BASE), "json")).access[1]).toEqual({
      ...{ application: "team/red", host: "api.x", environment: "release", methods: ["GET", "POST"] },
      ...{ api: "team/orders", grant: "team/orders", path: "/orders", pathType: "PathPrefix", class: null },
    });
    expect(rowText(rows(BASE), "markdown").split("\n")[3]).toContain("| `team/red` | `GET,POST` | `api.x` |");
  });

  test("each class is an installation of its own, with a column", () => {
    const edge = (text: string) => text.replace("spec:", "spec:\n  className: edge");
    const files = [
      ...BASE,
      edge(DOMAIN).replace("name: shop", "name: edge"),
      app("pink", "{className: edge}"),
      edge(grant("edge", "{value: /}", "[{name: red}, {name: pink}]")),
    ];
    expect(
      rowText(rows(files), "csv")
        .split("\n")
        .filter((line) => line.includes("edge")),
    ).toEqual(['edge,team/pink,"GET,POST",api.x,/,PathPrefix,release,team/edge,team/edge']);
  });

  test("a path that Shadow grants alone name is open to anyone, whatever the Applications of the grant", () => {
    const shadow = grant("orders", "{value: /orders}", "[{name: red}]", "  enforcement: Shadow\n");
    const files = [DOMAIN, app("red"), shadow, grant("export", "{value: /orders/export}", "[{name: red}]")];
    expect(rowText(rows(files), "csv").split("\n").slice(1)).toEqual([
      '"anyone, unverified",*,api.x,/orders,PathPrefix,release,team/orders,team/orders',
      'team/red,"GET,POST",api.x,/orders/export,PathPrefix,release,team/export,team/export',
      "",
    ]);
    expect(
      canText(decideCan(installed(files), parseRequest("PUT https://api.x/orders"), "red", NOW)),
    ).toContain("yes: PUT https://api.x/orders is let through unverified, from every caller");
  });

  test("without any, the table is a sentence", () => {
    expect(rowText(rows([DOMAIN]), "table")).toBe("No Application may call any API.\n");
  });
});

describe("--can prints", () => {
  const can = (application: string, request: string, files = [...BASE, EXPORT]) =>
    canText(decideCan(installed(files), parseRequest(request), application, NOW));

  test("yes, with the grant", () => {
    expect(can("red", "GET https://api.x/orders/7?a=b")).toBe(
      "yes: team/red may send GET https://api.x/orders/7?a=b\n  environment release, API team/orders, by ApiGrant team/orders\n",
    );
  });

  const cases: Record<string, [application: string, request: string, code: string, reason: string]> = {
    "a more specific path of another grant": [
      "red",
      "GET https://api.x/orders/export",
      "ApiNotGranted",
      "Exact /orders/export. It decides alone:\n  ApiGrant team/export (API team/export) does not name Application team/red.",
    ],
    "a method": ["red", "PUT https://api.x/orders", "NoApiMatch", "allows GET, POST and not PUT"],
    "a path": [
      "red",
      "GET https://api.x/stock",
      "NoApiMatch",
      "No grant names the path /stock in environment release of host api.x.",
    ],
    "another environment": [
      "red",
      "GET https://api.x/test/orders",
      "NoApiMatch",
      "No grant names the path /test/orders in environment test",
    ],
    "a host": ["red", "GET https://api.y/orders", "NoApiMatch", "No ApiDomain has the host api.y."],
    "a suspended Application": [
      "blue",
      "GET https://api.x/orders",
      "ApplicationSuspended",
      "Application team/blue is suspended.",
    ],
    "an unsafe path": [
      "red",
      "GET https://api.x/orders//7",
      "UnsafePath",
      "can be understood in more than one way",
    ],
  };
  test.each(Object.entries(cases))("no because of %s", (_, [application, request, code, reason]) => {
    const answer = can(application, request);
    expect(answer.split("\n")[0]).toBe(`no: team/${application} may not send ${request}: ${code}`);
    expect(answer).toContain(reason);
  });

  test("no because the grant is suspended or its time is over", () => {
    const suspended = [
      DOMAIN,
      app("red"),
      grant("orders", "{value: /orders}", "[{name: red}]", "  suspended: true\n"),
    ];
    expect(can("red", "GET https://api.x/orders", suspended)).toContain(
      "ApiGrant team/orders (API team/orders) is suspended.",
    );
    const over = [
      DOMAIN,
      app("red"),
      grant("orders", "{value: /orders}", "[{name: red}]", '  expiresAt: "2026-11-01T00:00:00Z"\n'),
    ];
    expect(can("red", "GET https://api.x/orders", over)).toContain(
      "is not in force: notBefore unset, expiresAt 2026-11-01T00:00:00Z",
    );
  });

  test("nothing about an Application that does not exist", () => {
    expect(() => can("pink", "GET https://api.x/")).toThrow("no Application pink is declared");
  });
});

describe("access diff", () => {
  const changes = (old: readonly string[], next: readonly string[]) => {
    const before = declared(old);
    const after = declared(next);
    return comparedInstallations(treeOf(before), treeOf(after, before)).flatMap(({ className, world }) =>
      [...accessChanges(world, NOW)].map((one) => ({ ...one, className })),
    );
  };

  test("a grant of a more specific path opens access and closes that of others", () => {
    const found = changes(BASE, [...BASE, EXPORT]);
    expect(diffText(found, "markdown")).toBe(
      [
        "**Access:** this change opens access for 0 Applications, and closes access for 1 Application.",
        "",
        "|  | application | methods | requests | by | example |",
        "| --- | --- | --- | --- | --- | --- |",
        "| 🔴 closes | `team/red` | `GET` `POST` | `api.x/orders/export` Exact | `team/orders`; after: ApiNotGranted | `https://api.x/orders/export` |",
        "| 🔴 closes escaped spellings | `app-k3v9x0q2 in other` | `GET` `POST` | `api.x/orders/export` Exact | `team/orders`; after: UnsafePath | `https://api.x/orders/%65xport` |",
        "",
      ].join("\n"),
    );
    expect(JSON.parse(diffText(found, "json")).changes).toEqual([
      {
        ...{
          change: "closes",
          application: "team/red",
          host: "api.x",
          path: "/orders/export",
          pathType: "Exact",
        },
        ...{ methods: ["GET", "POST"], grant: "team/orders", otherwise: "ApiNotGranted" },
        ...{ example: "https://api.x/orders/export", isSpelling: false, class: null },
      },
      expect.objectContaining({ application: "app-k3v9x0q2 in other", isSpelling: true }),
    ]);
  });

  const same: Record<string, [readonly string[], readonly string[]]> = {
    "the order of files": [BASE, [...BASE].reverse()],
    "another name of a grant": [BASE, BASE.map((text) => text.replaceAll("name: orders", "name: renamed"))],
    "a name instead of a selector": [
      [
        DOMAIN,
        app("red").replace("namespace: team}", "namespace: team, labels: {a: b}}"),
        grant("orders", "{value: /orders}", "[{name: red}]"),
      ],
      [
        DOMAIN,
        app("red").replace("namespace: team}", "namespace: team, labels: {a: b}}"),
        grant("orders", "{value: /orders}", "[{selector: {matchLabels: {a: b}}}]"),
      ],
    ],
    "a slash behind a prefix": [BASE, BASE.map((text) => text.replace("/orders}", "/orders/}"))],
    "a second ApiDomain with the same host: it is younger": [
      BASE,
      [...BASE, DOMAIN.replace("name: shop", "name: a").replace("[team]", "[other]")],
    ],
  };
  test.each(Object.entries(same))("is empty for %s", (_, [old, next]) => {
    expect(diffText(changes(old, next), "table")).toBe("No difference.\n");
    expect(diffText(changes(old, next), "markdown")).toBe("**Access:** no difference.\n");
  });

  const differences: Record<string, [readonly string[], string]> = {
    "an Application is no longer suspended": [
      BASE.map((text) => text.replace("suspended: true", "suspended: false")),
      "opens team/blue ApplicationSuspended",
    ],
    "an Application is deleted": [
      BASE.filter((text) => !text.includes("name: red, ")),
      "closes team/red NoApplication",
    ],
    "an environment moves": [
      BASE.map((text) => text.replace("pathPrefix: /}", "pathPrefix: /v1}")),
      "closes team/red NoApiMatch",
    ],
    "a namespace loses the host": [
      BASE.map((text) => text.replace("[team]", "[other]")),
      "closes team/red NoApiMatch",
    ],
    "the pinned namespace of an id is left out": [
      BASE.map((text) => text.replace(", namespace: other", "")),
      "opens app-k3v9x0q2 ApiNotGranted",
    ],
    "a grant enforces no more": [
      BASE.map((text) => (text.includes("kind: ApiGrant") ? `${text}  enforcement: Shadow\n` : text)),
      "opens anyone, unverified AuthorizationMissing",
    ],
    "another path admits the same callers, so that only its escaped spellings are denied": [
      [
        ...BASE,
        grant(
          "again",
          '{type: Exact, value: "/orders/x"}',
          "[{name: red}, {name: blue}, {applicationId: app-k3v9x0q2, namespace: other}]",
        ),
      ],
      "closes team/red UnsafePath",
    ],
    "a method is left out": [
      BASE.map((text) => text.replace("[GET, POST]", "[GET]")),
      "closes team/red NoApiMatch",
    ],
  };
  test.each(Object.entries(differences))("names what changes if %s", (_, [next, expected]) => {
    const found = changes(BASE, next).map(
      ({ change, caller, otherwise }) => `${change} ${caller} ${otherwise}`,
    );
    expect(found).toContain(expected);
  });

  test("names five Applications of a row, and stays below the size of a comment", () => {
    const names = Array.from({ length: 12 }, (_, at) => `app-${at + 10}`);
    const many = grant(
      "orders",
      "{value: /orders}",
      `[${names.map((name) => `{name: ${name}}`).join(", ")}]`,
    );
    const text = diffText(changes([DOMAIN], [DOMAIN, ...names.map((name) => app(name)), many]), "markdown");
    expect(text).toContain(
      "`team/app-10`, `team/app-11`, `team/app-12`, `team/app-13`, `team/app-14` and 7 more",
    );
    const grants = Array.from({ length: 600 }, (_, at) =>
      grant(`grant-${at}`, `{type: Exact, value: "/path/of/some/length/${at}"}`, "[{name: red}]"),
    );
    const long = diffText(changes([DOMAIN, app("red")], [DOMAIN, app("red"), ...grants]), "markdown");
    expect(long.length).toBeLessThan(65_536);
    expect(long).toMatch(/… and \d+ more rows: run `countersign access diff` for all of them\.\n$/);
  });
});
