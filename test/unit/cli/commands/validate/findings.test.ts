import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { FINDINGS, type FindingId } from "../../../../../src/access/findings/catalog.ts";
import { allFindings } from "../../../../../src/cli/commands/validate/allFindings.ts";
import { treeFiles } from "../../../../support/treeFiles.ts";

const NOW = Date.parse("2026-11-24T09:00:00Z");
const HEAD = "apiVersion: countersign.dev/v1alpha1\n";

const domain = (hosts = "[api.x]", name = "shop") =>
  `${HEAD}kind: ApiDomain\nmetadata: {name: ${name}}\nspec:\n  hosts: ${hosts}\n  namespaces: {names: [team]}\n`;
const app = (spec = "{}", name = "red") =>
  `${HEAD}kind: Application\nmetadata: {name: ${name}, namespace: team}\nspec: ${spec}\n`;
interface GrantText {
  readonly name?: string;
  readonly environment?: string;
  readonly hosts?: string;
  readonly paths?: string;
  readonly applications?: string;
  readonly more?: string;
}
const grant = ({
  name = "orders",
  environment = "release",
  hosts = "[api.x]",
  paths = "[{value: /orders}]",
  applications = "[{name: red}]",
  more = "",
}: GrantText = {}) =>
  `${HEAD}kind: ApiGrant\nmetadata: {name: ${name}, namespace: team}\nspec:\n  environment: ${environment}\n  apis:\n  - name: ${name}\n    hosts: ${hosts}\n    paths: ${paths}\n  applications: ${applications}\n${more}`;
const secret = (name: string, key: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: ${name}, namespace: team}\nstringData: {ApiAppKey: ${key}, ApiAppSecret: never-printed-secret}\n`;
const imports = (name: string) => `{credentials: {source: Imported, importFrom: {name: ${name}}}}`;
const both = "[{name: red}, {name: blue}]";

const found = (files: Readonly<Record<string, string>>) => allFindings(treeFiles(files), NOW);
const numbered = (texts: readonly string[]) =>
  Object.fromEntries(texts.map((text, index) => [`${index + 1}.yaml`, text]));

/** Files with the finding and no other, and where it is. */
const cases: Record<string, [id: FindingId, place: string, files: readonly string[]]> = {
  "a syntax error": ["FileUnreadable", "4.yaml:2:1", [domain(), app(), grant(), "a: [\n"]],
  "an unknown field": [
    "ObjectInvalid",
    "4.yaml:4:18",
    [domain(), app(), grant(), app("{suspnded: true}", "blue")],
  ],
  "an invalid name": ["ObjectInvalid", "4.yaml:3:18", [domain(), app(), grant(), app("{}", "Blue")]],
  "an object that two files declare": ["ObjectRepeated", "4.yaml:1:1", [domain(), app(), grant(), app()]],
  "a host of two ApiDomains": [
    "HostConflict",
    "4.yaml:5:16",
    [domain(), app(), grant(), domain("[b.x, api.x]", "zoo")],
  ],
  "a host that no ApiDomain has": [
    "HostNotOwned",
    "3.yaml:8:20",
    [domain(), app(), grant({ hosts: "[api.x, b.x]" })],
  ],
  "a host of another namespace": [
    "HostNotOwned",
    "4.yaml:8:20",
    [domain(), domain("[b.x]", "zoo").replace("[team]", "[other]"), app(), grant({ hosts: "[api.x, b.x]" })],
  ],
  "an environment that the ApiDomain lacks": [
    "EnvironmentNotFound",
    "3.yaml:8:13",
    [domain(), app(), grant({ environment: "test" })],
  ],
  "an HTTPRoute that is missing": [
    "TargetProblem",
    "4.yaml:9:3",
    [
      domain(),
      app(),
      grant(),
      `${HEAD}kind: ApiGrant\nmetadata: {name: routes, namespace: team}\nspec:\n  environment: release\n  apis: [{name: routes}]\n  applications: [{name: red}]\n  targetRefs:\n  - {group: gateway.networking.k8s.io, kind: HTTPRoute, name: none}\n`,
    ],
  ],
  "one ApiAppKey in two Secrets": [
    "ApiAppKeyRepeated",
    "3.yaml:4:52",
    [
      domain(),
      app(imports("one")),
      app(imports("two"), "blue"),
      grant({ applications: both }),
      secret("one", "APIDx"),
      secret("two", "APIDx"),
    ],
  ],
  "one Secret of two Applications": [
    "ApiAppKeyRepeated",
    "3.yaml:4:52",
    [domain(), app(imports("one")), app(imports("one"), "blue"), grant({ applications: both })],
  ],
  "grants without an ApiDomain": ["NoDomains", "2.yaml:1:1", [app(), grant()]],
  "an entry for an Application that is missing": [
    "ApplicationNotFound",
    "3.yaml:10:31",
    [domain(), app(), grant({ applications: "[{name: red}, {name: none}]" })],
  ],
  "a selector without an Application": [
    "ApplicationNotFound",
    "3.yaml:10:31",
    [domain(), app(), grant({ applications: "[{name: red}, {selector: {matchLabels: {tier: gold}}}]" })],
  ],
  "an Application that has expired": [
    "Expired",
    "2.yaml:4:19",
    [domain(), app('{expiresAt: "2026-11-01T00:00:00Z"}'), grant()],
  ],
  "a grant that has expired": [
    "Expired",
    "3.yaml:11:14",
    [domain(), app(), grant({ more: '  expiresAt: "2026-11-24T09:00:00Z"\n' })],
  ],
  "an Application that no grant names": [
    "ApplicationUnused",
    "4.yaml:1:1",
    [domain(), app(), grant(), app("{}", "blue")],
  ],
  "an ApiDomain that no grant uses": [
    "DomainUnused",
    "4.yaml:5:10",
    [domain(), app(), grant(), domain("[b.x]", "zoo")],
  ],
  "a grant of every path": ["BroadPath", "3.yaml:9:13", [domain(), app(), grant({ paths: "[{value: /}]" })]],
  "a prefix by characters": [
    "BroadPath",
    "3.yaml:9:13",
    [domain(), app(), grant({ paths: '[{type: TencentPath, value: "^~/orders"}]' })],
  ],
  "an open variant": [
    "WeakSigning",
    "2.yaml:4:17",
    [domain(), app("{signing: {openVariants: [BodyNotSigned]}}"), grant()],
  ],
  "a scheme that signs headers alone": [
    "WeakSigning",
    "2.yaml:4:17",
    [domain(), app("{signing: {schemes: [Tencent, TencentKeyPair]}}"), grant()],
  ],
  "parameters: Either": [
    "WeakSigning",
    "2.yaml:4:17",
    [domain(), app("{signing: {parameters: Either}}"), grant()],
  ],
  "a path that lies below the prefix of another environment": [
    "PathNeverDecides",
    "3.yaml:9:31",
    [
      `${domain()}  environments: [{name: release, pathPrefix: /}, {name: test, pathPrefix: /test}]\n`,
      app(),
      grant({ paths: "[{value: /orders}, {value: /test/x}]" }),
    ],
  ],
  "a grant that does not enforce": [
    "Shadowing",
    "3.yaml:11:16",
    [domain(), app(), grant({ more: "  enforcement: Shadow\n" })],
  ],
  "a suspended grant": [
    "Suspended",
    "3.yaml:11:14",
    [domain(), app(), grant({ more: "  suspended: true\n" })],
  ],
  "a suspended Application": ["Suspended", "2.yaml:4:19", [domain(), app("{suspended: true}"), grant()]],
};

describe("validate finds, with its place,", () => {
  test.each(Object.entries(cases))("%s", (_, [id, place, files]) => {
    const all = found(numbered(files));
    expect(all.map((one) => [one.id, `${one.file}:${one.line}:${one.column}`])).toEqual([[id, place]]);
    expect(all[0]?.severity).toBe(FINDINGS[id].severity);
    expect(all[0]?.message).not.toContain("never-printed");
  });
});

test("a prefix by segments never decides beside a ^~ prefix of the same text", () => {
  const marked = grant({ name: "marked", paths: '[{type: TencentPath, value: "^~/orders"}]' });
  const all = found(numbered([domain(), app(), grant(), marked]));
  expect(all.map(({ id, object }) => [id, object])).toEqual([
    ["PathNeverDecides", "ApiGrant team/orders"],
    ["BroadPath", "ApiGrant team/marked"],
  ]);
});

test("a grant whose Applications are all missing admits no Application", () => {
  const all = found(numbered([domain(), grant({ applications: "[{name: none}]" })]));
  expect(all.map(({ id }) => id).sort()).toEqual(["ApplicationNotFound", "BindsNobody"]);
});

test("a suspended grant may name Applications that do not exist: it is meant to admit none", () => {
  const suspended = grant({ applications: "[{name: none}]", more: "  suspended: true\n" });
  const all = found(numbered([domain(), suspended]));
  expect(all.map(({ id }) => id)).toEqual(["Suspended"]);
});

describe("validate finds nothing in", () => {
  const clean: Record<string, readonly string[]> = {
    "an ApiDomain, an Application and a grant": [domain(), app(), grant()],
    "a grant for the id of an Application elsewhere": [
      domain(),
      app(),
      grant({ applications: "[{name: red}, {applicationId: app-k3v9x0q2}]" }),
    ],
    "a wildcard that a grant uses in part": [domain('["*.x"]'), app(), grant()],
    "a grant that ends later": [domain(), app(), grant({ more: '  expiresAt: "2026-12-01T00:00:00Z"\n' })],
    "Applications in files without any grant": [app()],
    "a path that is the same but for the slash at its end": [
      domain(),
      app(),
      grant(),
      grant({ name: "slash", paths: "[{value: /orders/}]" }),
    ],
    "two installations with the same host": [
      domain(),
      app(),
      grant(),
      domain("[api.x]", "edge").replace("spec:\n", "spec:\n  className: edge\n"),
      app("{className: edge}", "pink"),
      grant({ name: "edge", applications: "[{name: pink}]", more: "  className: edge\n" }),
    ],
    "objects of other kinds": [
      domain(),
      app(),
      grant(),
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n",
    ],
    "two Secrets with keys of their own": [
      domain(),
      app(imports("one")),
      app(imports("two"), "blue"),
      grant({ applications: both }),
      secret("one", "APIDx"),
      secret("two", "APIDy"),
    ],
  };
  test.each(Object.entries(clean))("%s", (_, files) => {
    expect(found(numbered(files))).toEqual([]);
  });
});

test("every finding has a case here, and a row in the reference with its severity", () => {
  const covered = new Set([...Object.values(cases).map(([id]) => id), "BindsNobody"]);
  expect(Object.keys(FINDINGS).filter((id) => !covered.has(id as FindingId))).toEqual([]);
  const page = readFileSync(new URL("../../../../../docs/reference/validate.md", import.meta.url), "utf8");
  const rows = Object.entries(FINDINGS).filter(
    ([id, { severity }]) => !page.includes(`| \`${id}\` | ${severity} |`),
  );
  expect(rows).toEqual([]);
});
