import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { imported, lines, textsOf } from "../../support/tencent/imported.ts";
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
  test("tool output of tccli gives Applications, grants and the reasons why files were not used", () => {
    const { objects, findings } = imported(folder("tccli"));
    expect(objects.applications.map(({ name, pair }) => [name, pair !== undefined])).toEqual([
      ["batch-job-k2z9ri19", true],
      ["a-pft75v2s", true],
      ["mobile-app-ujzde8gx", true],
    ]);
    expect(lines(findings, "leftOut").length).toBe(14);
  });

  test("a Terraform state gives the same Applications as OpenTofu's", () => {
    const names = (path: string) =>
      imported([[path, readFileSync(join(FIXTURES, path))]]).objects.applications.map(
        ({ displayName }) => displayName,
      );
    expect(names("terraform/after-refresh.tfstate").toSorted()).toEqual(
      names("tofu/plain.tfstate").toSorted(),
    );
    expect(names("terraform/after-refresh.tfstate").length).toBe(4);
  });
});
