import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { readSimpleYaml } from "../../../src/store/files/yaml/simpleYaml.ts";
import { imported, lines, textsOf } from "../../support/import/imported.ts";
import { terraformState, toolOutput } from "../../support/tencent/madeExports.ts";
import { makeTenant } from "../../support/tencent/madeTenant.ts";

const FIXTURES = new URL("../../fixtures/tencent", import.meta.url).pathname;
const folder = (name: string) =>
  readdirSync(join(FIXTURES, name)).map(
    (file) => [`${name}/${file}`, readFileSync(join(FIXTURES, name, file))] as const,
  );

const SEEDS = [1, 2, 3, 4, 5];
const withoutReport = (texts: ReadonlyMap<string, string>) =>
  new Map([...texts].filter(([path]) => path !== "MIGRATION.md"));

describe.each(SEEDS)("an odd tenant of seed %i", (seed) => {
  const tenant = makeTenant({ seed, apps: 30, partners: 3, masked: 2 });
  const tools = toolOutput(tenant);
  const state = terraformState(tenant);

  test("gives the same objects whatever the order of the files", () => {
    const forward = textsOf(imported(tools));
    const backward = textsOf(imported([...tools].reverse()));
    expect(backward).toEqual(forward);
  });

  test("gives the same objects from tool output and from tool output and state together", () => {
    const fromTools = textsOf(imported(tools));
    const mixed = textsOf(imported([...tools, ["terraform.tfstate", state]]));
    expect(withoutReport(mixed)).toEqual(withoutReport(fromTools));
  });

  test("gives the same objects from state, but for domains of services that have several", () => {
    const crowded = tenant.domains
      .filter(({ host }) => host.includes(".open."))
      .map(({ service }) => service);
    expect(crowded.length).toBeGreaterThan(0);
    const hosts = tenant.domains.filter(({ service }) => crowded.includes(service)).map(({ host }) => host);
    const fromTools = imported(tools);
    const fromState = imported([["terraform.tfstate", state]]);
    const less = new Map(
      [...withoutReport(textsOf(fromTools))]
        .filter(([path]) => !hosts.some((host) => path === `domains/${host}.yaml`))
        .map(([path, text]) => [
          path,
          hosts.reduce((one, host) => one.replaceAll(`${host}, `, "").replaceAll(`, ${host}`, ""), text),
        ]),
    );
    expect(withoutReport(textsOf(fromState))).toEqual(less);
    for (const host of hosts)
      expect(lines(fromState.findings, "decision")).toContainEqual(
        expect.stringMatching(new RegExp(`^DomainUnknown: domain ${host} `)),
      );
  });

  test("gives the same objects from a state that is large enough to be parsed in parts", () => {
    const large = state.replace('"outputs": {}', `"outputs": {"padding": "${"x".repeat(4_200_000)}"}`);
    expect(textsOf(imported([["terraform.tfstate", large]]))).toEqual(
      textsOf(imported([["terraform.tfstate", state]])),
    );
  });

  test("gives YAML that is read without the YAML library, as the review of large trees needs it", () => {
    for (const [path, text] of withoutReport(textsOf(imported(tools))))
      expect([path, readSimpleYaml(text)?.[0]?.value]).toEqual([path, parse(text, { version: "1.1" })]);
  });

  test("renames no object when an application is added", () => {
    const [first] = tenant.apps;
    const more = {
      ...tenant,
      apps: [
        ...tenant.apps,
        { ...first, id: "app-00000000", key: "APIDnew", name: "Mobile App" } as NonNullable<typeof first>,
      ],
    };
    const before = [...textsOf(imported(tools)).keys()];
    const after = new Set(textsOf(imported(toolOutput(more))).keys());
    expect(before.filter((path) => !after.has(path))).toEqual([]);
  });
});

describe("real files", () => {
  const read = (path: string) => [path, readFileSync(join(FIXTURES, path))] as const;
  const applications = (...paths: string[]) =>
    imported(paths.map(read))
      .objects.applications.map(
        ({ displayName, pair }) => `${displayName} ${pair === undefined ? "without" : "with"} key`,
      )
      .toSorted();
  const unused = (path: string) =>
    lines(imported([read(path)]).findings).filter((line) => line.startsWith("FileNotUsed"));

  test("tool output of tccli gives Applications, grants and the reasons why files were not used", () => {
    const { objects, findings } = imported(folder("tccli"));
    expect(applications(...readdirSync(join(FIXTURES, "tccli")).map((name) => `tccli/${name}`))).toEqual([
      "batch_job with key",
      "mobile-app with key",
      "合作伙伴 A with key",
    ]);
    expect(objects.grants.filter(({ isSuspended }) => !isSuspended).length).toBe(3);
    expect(lines(findings, "leftOut").length).toBe(14);
  });

  const FOUR = ["batch-0 with key", "batch-1 with key", "mobile-app with key", "合作伙伴 A with key"];
  const states = [
    "terraform/after-apply.tfstate",
    "terraform/after-refresh.tfstate",
    "terraform/tainted.tfstate",
    "terraform/state-pull.json",
    "terraform/show.json",
    "tofu/plain.tfstate",
  ];
  test.each(states)("%s has four Applications, and does not believe the mappings of two domains", (path) => {
    expect(applications(path)).toEqual(FOUR);
    const { objects, findings } = imported([read(path)]);
    expect(lines(findings, "decision").filter((line) => line.startsWith("DomainUnknown")).length).toBe(2);
    expect(objects.domains.every(({ host }) => host.endsWith(".apigw.tencentcs.com"))).toBe(true);
    expect(objects.grants.filter(({ isSuspended }) => !isSuspended).length).toBeGreaterThan(2);
  });

  test("versions of one state together give what the newest has", () => {
    expect(applications(...states.slice(0, 4))).toEqual(FOUR);
  });

  const alone: Record<string, [string, readonly string[]]> = {
    "pages of applications": ["tccli/apps-page-0.json", ["mobile-app with key", "合作伙伴 A with key"]],
    "the API's own form": ["tccli/apps-raw-response.json", ["mobile-app with key", "合作伙伴 A with key"]],
    "the SDK's form": [
      "tccli/apps-sdk.json",
      ["batch_job with key", "mobile-app with key", "合作伙伴 A with key"],
    ],
    "a bare list of --filter": [
      "tccli/apps-filtered.json",
      ["batch_job with key", "mobile-app with key", "合作伙伴 A with key"],
    ],
  };
  test.each(Object.entries(alone))("%s is read", (_, [path, found]) => {
    expect(applications(path)).toEqual(found);
  });

  const useless: Record<string, [string, RegExp]> = {
    "a projection": ["tccli/apps-filtered-projection.json", /other names/],
    "a filter without a match": ["tccli/apps-filtered-none.json", /is empty/],
    "tab-separated text": ["tccli/apps.txt", /--output text/],
    "a table": ["tccli/apps.table", /--output table/],
    "terraform output -json": ["terraform/output.json", /terraform output -json/],
    "the text of terraform output": ["terraform/output.txt", /text of terraform output/],
    "the text of terraform show": ["terraform/show.txt", /text of terraform show/],
    "the settings of a backend": ["terraform/dot-terraform-backend.tfstate", /settings of a backend/],
  };
  test.each(Object.entries(useless))("%s is named with what to do", (_, [path, text]) => {
    expect(unused(path)).toEqual([expect.stringMatching(text)]);
  });

  test("the first page alone is a decision", () => {
    expect(lines(imported([read("tccli/apps-page-0.json")]).findings, "decision")).toContainEqual(
      expect.stringMatching(/^Incomplete: ApiAppSet: 2 of 3/),
    );
  });

  test("the result_output_file of a data source names a service", () => {
    const { findings } = imported([read("terraform/data-services.result_output_file.json")]);
    expect(lines(findings)).toContainEqual(expect.stringMatching(/a bare list/));
  });
});
