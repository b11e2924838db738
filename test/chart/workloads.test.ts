import { describe, expect, test } from "@jest/globals";
import { createProgram } from "../../src/cli/program.ts";
import { CHART, renderChart, runHelm } from "../support/helm.ts";
import { COMBINATIONS } from "./combinations.ts";
import { type Applied, objectsIn, podsOf } from "./objects.ts";

interface Container {
  readonly name: string;
  readonly args: readonly string[];
}

const program = await createProgram();

const objects = async (values: object = {}) => objectsIn(await renderChart(values));

const containersOf = (all: readonly Applied[]) =>
  podsOf(all, "countersign-system").flatMap(({ spec }) => (spec as { containers: Container[] }).containers);

/** What of a command line the program does not know or take; a command's own parsers judge the values. */
function strange([name, ...flags]: readonly string[]): readonly string[] {
  const command = program.commands.find((one) => one.name() === name);
  if (!command) return [String(name)];
  return flags.filter((flag) => {
    const [long, value = ""] = flag.split(/=(.*)/s);
    const option = command.options.find((one) => one.long === long);
    if (!option || option.required !== flag.includes("=")) return true;
    try {
      option.parseArg?.(value, undefined as never);
      return false;
    } catch {
      return true;
    }
  });
}

describe("the program knows every argument that the chart gives it", () => {
  test.each(Object.entries(COMBINATIONS))("%s", async (_, values) => {
    const containers = containersOf(await objects(values));
    expect(containers.map(({ args }) => args[0])).toEqual(
      expect.arrayContaining(["operator", "verifier", "version"]),
    );
    expect(containers.flatMap(({ args }) => strange(args))).toEqual([]);
  });

  test("and would not know others", () => {
    expect(strange(["verifier", "--drain=soon", "--speed=1", "--keep-authorization=yes"])).toHaveLength(3);
    expect(strange(["verify"])).toEqual(["verify"]);
  });
});

test("P35: as it comes, a verifier asks Envoy for a certificate of an allowed name, and only its two ports are open", async () => {
  const all = await objects();
  const verifier = containersOf(all).find(({ name }) => name === "verifier");
  expect(verifier?.args).toEqual(
    expect.arrayContaining(["--tls-dir=/etc/countersign/tls", "--tls-client-name=countersign-envoy"]),
  );
  const policy = all.find(({ kind, metadata }) => kind === "NetworkPolicy" && /verifier/.test(metadata.name));
  expect(policy?.spec).toMatchObject({
    podSelector: { matchLabels: { "app.kubernetes.io/component": "verifier" } },
    policyTypes: ["Ingress"],
    ingress: [{ ports: [{ port: "grpc" }] }, { ports: [{ port: "metrics" }] }],
  });
});

test("P42: operator and verifier have identities of their own, and only roles of their own", async () => {
  const all = await objects();
  const accounts = all.filter(({ kind }) => kind === "ServiceAccount").map(({ metadata }) => metadata.name);
  expect(accounts).toEqual(["countersign-operator", "countersign-verifier"]);
  const bindings = all.filter(({ kind }) => kind.endsWith("RoleBinding"));
  expect(bindings.length).toBeGreaterThan(3);
  for (const { roleRef, subjects } of bindings)
    expect(subjects?.map(({ name }) => name)).toEqual([roleRef?.name]);
  const roles = JSON.stringify(all.filter(({ kind }) => kind.endsWith("Role")));
  expect(roles).not.toMatch(/"\*"|escalate|impersonate|"bind"/);
});

describe("in Shadow mode", () => {
  const verifierArgs = async (values: object) =>
    containersOf(await objects(values)).find(({ name }) => name === "verifier")?.args;
  const notes = (values: object) =>
    runHelm(["install", "countersign", CHART, "--namespace", "countersign-system", "--dry-run=client"], {
      values,
    });

  test("the verifiers run with --shadow, and by default without it", async () => {
    expect(await verifierArgs({ verifier: { shadow: true } })).toContain("--shadow");
    expect(await verifierArgs({})).not.toContain("--shadow");
  });

  test("the notes warn that nothing is protected", async () => {
    expect(await notes({ verifier: { shadow: true } })).toMatch(/^WARNING: verifier\.shadow is true/m);
    expect(await notes({})).not.toContain("WARNING");
  });
});
