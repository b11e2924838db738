import { chmod, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { terraformState, toolOutput } from "../../support/tencent/madeExports.ts";
import { makeTenant } from "../../support/tencent/madeTenant.ts";
import { app, apps, KEY, SECRET, whole } from "../../support/tencent/smallTenant.ts";
import { ImportFolder } from "./support.ts";

let work: ImportFolder;
let folder: string;
beforeAll(async () => {
  work = await ImportFolder.make("tencent");
  folder = work.path;
});

const run = (...args: readonly string[]) => work.run(...args);
const written = (name: string, files: Iterable<readonly [string, string]>) => work.written(name, files);
const tree = (name: string) => work.tree(name);

test("a second run over the same files writes the same bytes", async () => {
  const input = await written("bytes", [
    ...toolOutput(makeTenant({ seed: 1, apps: 20 })),
    ["terraform.tfstate", terraformState(makeTenant({ seed: 1, apps: 20 }))],
  ]);
  expect((await run(input, "--out", "bytes-1")).status).toBe(0);
  expect((await run(input, "--out", "bytes-2")).status).toBe(0);
  expect(await tree("bytes-2")).toEqual(await tree("bytes-1"));
  expect((await stat(join(folder, "bytes-1/secrets"))).mode & 0o777).toBe(0o700);
});

test("MIGRATION.md begins with the warning to copy the state", async () => {
  await run(await written("first", whole()), "--out", "first-out");
  const text = (await tree("first-out")).get("MIGRATION.md") ?? "";
  expect(text).toMatch(/^# Migration .*\n\n\*\*Copy the Terraform state before any/);
  expect(text).not.toMatch(new RegExp(SECRET));
});

test("-o json prints the summary, without a secret", async () => {
  const { stdout, output } = await run(await written("json", whole()), "--out", "json-out", "-o", "json");
  expect(JSON.parse(stdout)).toMatchObject({
    applications: 1,
    applicationsWithKey: 1,
    grants: 1,
    findings: [{ level: "decision", code: "HostDies" }],
  });
  expect(output).not.toMatch(new RegExp(`${SECRET}|${KEY}`));
});

test("--secrets none writes no Secret, and --strict exits with 1 because of a decision", async () => {
  const { status } = await run(
    await written("none", whole()),
    "--out",
    "none-out",
    "--secrets",
    "none",
    "--strict",
  );
  expect(status).toBe(1);
  expect([...(await tree("none-out")).keys()].filter((path) => path.startsWith("secrets/"))).toEqual([]);
});

test("--strict exits with 0 where everything was carried over", async () => {
  const host = "service-d6ncf10e-1300000001.gz.apigw.tencentcs.com=orders.example.com";
  expect(
    await run(await written("strict", whole()), "--out", "strict-out", "--strict", "--host", host),
  ).toMatchObject({ status: 0 });
});

test("input files that other users may read get a warning", async () => {
  const input = await written("shared", whole());
  await chmod(join(folder, input, "apps.json"), 0o644);
  expect((await run(input, "--out", "shared-out")).output).toMatch(
    /warning: shared\/apps\.json is readable by other users.*chmod go-r/,
  );
});

describe("nothing is written, and a sentence names the reason, for", () => {
  const truncated = apps(app()).slice(0, 150);
  const cases: Record<string, [Record<string, string>, readonly string[], RegExp]> = {
    "a truncated file": [
      { "apps.json": truncated },
      [],
      /apps\.json: line 1, column 151: ends in the middle of a JSON text/,
    ],
    "two secrets of one age": [
      { "more.json": apps(app({ ApiAppSecret: "z".repeat(40) })) },
      [],
      /another key pair in/,
    ],
    "a host that no service has": [
      {},
      ["--host", "a.example.com=b.example.com"],
      /no service in the files has the host a\.example\.com/,
    ],
    "an option that is no host": [{}, ["--host", "a"], /Write OLD=NEW/],
    "a namespace that is no name": [{}, ["--namespace", "A"], /Write a name of lower-case letters/],
    "a mapping file that does not exist": [
      {},
      ["--partners", "nowhere.yaml"],
      /nowhere\.yaml cannot be read \(ENOENT\)/,
    ],
  };
  test.each(Object.entries(cases))("%s", async (name, [change, flags, message]) => {
    const place = name.replaceAll(" ", "-");
    const input = await written(place, whole(change));
    const { status, output } = await run(input, "--out", `${place}-out`, ...flags);
    expect([status, output]).toEqual([2, expect.stringMatching(message)]);
    expect(output).not.toMatch(new RegExp(`${SECRET}|${KEY}|${"z".repeat(40)}|\\n\\s+at `));
    await expect(stat(join(folder, `${place}-out`))).rejects.toThrow(/ENOENT/);
  });

  test("a path that does not exist", async () => {
    expect(await run("nowhere", "--out", "nowhere-out")).toMatchObject({
      status: 2,
      output: expect.stringMatching(/nowhere cannot be read \(ENOENT\)/),
    });
  });

  test("a file that is larger than any export", async () => {
    const input = await written("large", [["large.json", "["]]);
    await truncate(join(folder, input, "large.json"), 300_000_000);
    expect(await run(input, "--out", "large-out")).toMatchObject({
      status: 2,
      output: expect.stringMatching(/large\.json has 300000000 bytes, more than/),
    });
  });
});

describe("the export script", () => {
  /** A tccli that returns made-up responses from a folder, and fails for actions that it does not know. */
  const TCCLI = `#!/usr/bin/env bash
shift; action=$1; shift
while [ $# -gt 0 ]; do case $1 in
  --ServiceId) service=$2;; --SubDomain) domain=$2;; --Offset) offset=$2;; esac; shift; done
page=$(printf '%04d' $((\${offset:-0} / 100)))
case $action in
  DescribeApiAppsStatus) file=apps-$page;; DescribeServicesStatus) file=services-$page;;
  DescribeApisStatus) file=$service/apis-$page;; DescribeServiceSubDomains) file=$service/domains-$page;;
  DescribeServiceEnvironmentList) file=$service/environments;; DescribeServiceSubDomainMappings) file=$service/mappings/$domain;;
  DescribeApiBindApiAppsStatus) file=$service/api-apps-$page;;
  DescribeIPStrategysStatus|DescribePluginsByApi) printf '{\\n    "Result": {\\n        "TotalCount": 0\\n    }\\n}\\n'; exit 0;;
esac
if [ "$action" = "$FAILS" ]; then echo '[TencentCloudSDKException] code:AuthFailure' >&2; exit 255; fi
cat "$RESPONSES/$file.json"
`;

  const exported = (out: string, fails = "") =>
    work.export(
      { name: "tccli", script: TCCLI },
      toolOutput(makeTenant({ seed: 3, apps: 130, services: 4 })),
      out,
      fails,
    );

  test("exports everything that an import reads", async () => {
    expect(await exported("exported")).toMatchObject({ status: 0 });
    expect(await run("exported", "--out", "exported-out")).toMatchObject({ status: 0 });
    expect(await run("responses", "--out", "responses-out")).toMatchObject({ status: 0 });
    expect(await work.objects("exported-out")).toEqual(await work.objects("responses-out"));
    expect((await stat(join(folder, "exported/apps-0001.json"))).mode & 0o777).toBe(0o600);
  });

  test("ends at a call that fails, and leaves no half file", async () => {
    const { status, output } = await exported("failed", "DescribeApisStatus");
    expect([status, output]).toEqual([1, expect.stringMatching(/this call failed: DescribeApisStatus/)]);
    expect([...(await tree("failed")).keys()]).toEqual([
      "apps-0000.json",
      "apps-0001.json",
      "services-0000.json",
    ]);
  });
});
