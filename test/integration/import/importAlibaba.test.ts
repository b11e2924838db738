import { stat } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { terraformState, toolOutput } from "../../support/alibaba/madeExports.ts";
import { makeTenant } from "../../support/alibaba/madeTenant.ts";
import { APP, HOST, KEY, SECRET, security, whole } from "../../support/alibaba/smallTenant.ts";
import { ImportFolder } from "./support.ts";

let work: ImportFolder;
beforeAll(async () => {
  work = await ImportFolder.make("alibaba");
});

const SECRETS = new RegExp(`${SECRET}|${KEY}`);

test("a second run over the same files writes the same bytes", async () => {
  const tenant = makeTenant(1);
  const files = [...toolOutput(tenant), ["terraform.tfstate", terraformState(tenant)] as const];
  const input = await work.written("bytes", files);
  expect((await work.run(input, "--out", "bytes-1")).status).toBe(0);
  expect((await work.run(input, "--out", "bytes-2")).status).toBe(0);
  expect(await work.tree("bytes-2")).toEqual(await work.tree("bytes-1"));
  expect((await stat(join(work.path, "bytes-1/secrets"))).mode & 0o777).toBe(0o700);
});

test("-o json prints the summary, without a secret", async () => {
  const input = await work.written("json", whole());
  const { stdout, output } = await work.run(input, "--out", "json-out", "-o", "json");
  expect(JSON.parse(stdout)).toMatchObject({
    applications: 1,
    applicationsWithKey: 1,
    grants: 1,
    domains: 2,
    findings: [{ level: "decision", code: "HostDies" }],
  });
  expect(output).not.toMatch(SECRETS);
});

test("--strict exits with 0 where everything was carried over", async () => {
  const input = await work.written("strict", whole());
  const host = `${HOST}=orders.example.com`;
  expect(await work.run(input, "--out", "strict-out", "--strict", "--host", host)).toMatchObject({
    status: 0,
  });
});

describe("nothing is written, and a sentence names the reason, for", () => {
  const cases: Record<string, [Record<string, string>, readonly string[], RegExp]> = {
    "a truncated file": [
      { [`apps/${APP}/security.json`]: security().slice(0, 90) },
      [],
      /apps\/110840611\/security\.json: line \d+, column \d+: ends in the middle of a JSON text/,
    ],
    "two secrets of one age": [
      { [`old/apps/${APP}/security.json`]: security({ AppSecret: "z".repeat(32) }) },
      [],
      /another key pair in/,
    ],
    "a number that is no AppId": [
      { "more.json": '{"AppId":1.5,"AppName":"x"}' },
      [],
      /more\.json: AppId: must be text/,
    ],
    "a stage that is no name": [{}, ["--host", `${HOST}/a-b=c.example.com`], /Write OLD=NEW.*\/TEST=test/],
    "a partner's id of another gateway": [
      {},
      ["--partners", "partners.yaml"],
      /"app-e9uvw53e" is no id of an application: write lines such as 110840611: app-k3v9x0q2/,
    ],
    "a flag of the other gateway": [{}, ["--narrow"], /unknown option '--narrow'/],
  };
  test.each(Object.entries(cases))("%s", async (name, [change, flags, message]) => {
    const place = name.replaceAll(/\W/g, "-");
    const input = await work.written(place, whole(change));
    await work.written(".", [["partners.yaml", "app-e9uvw53e: app-k3v9x0q2\n"]]);
    const { status, output } = await work.run(input, "--out", `${place}-out`, ...flags);
    expect([status, output]).toEqual([2, expect.stringMatching(message)]);
    expect(output).not.toMatch(new RegExp(`${SECRETS.source}|${"z".repeat(32)}|\\n\\s+at `));
    await expect(stat(join(work.path, `${place}-out`))).rejects.toThrow(/ENOENT/);
  });
});

describe("the export script", () => {
  /** An aliyun that returns made-up responses from a folder, and knows only calls that read. */
  const ALIYUN = `#!/usr/bin/env bash
shift; action=$1; shift
while [ $# -gt 0 ]; do case $1 in
  --GroupId) group=groups/$2;; --ApiId) api=$2;; --AppId) app=$2;; --StageName) stage=$2;; --PageNumber) page=$2;;
  esac; shift; done
page=$(printf '%04d' "\${page:-1}")
case $action in
  DescribeAppAttributes) file=apps-$page;; DescribeAppSecurity) file=apps/$app/security;;
  DescribeApiGroups) file=groups-$page;; DescribeApiGroup) file=$group/group;; DescribeApis) file=$group/apis-$page;;
  DescribeApi) file=$group/apis/$api/api;; DescribeDeployedApis) file=$group/$stage/deployed-$page;;
  DescribeDeployedApi) file=$group/apis/$api/$stage/deployed;; DescribeAuthorizedApps) file=$group/apis/$api/$stage/apps-$page;;
  DescribePluginsByApi) file=$group/apis/$api/$stage/plugins-$page;; DescribeApiIpControls) file=$group/$stage/ip-controls-$page;;
  *) action=$FAILS;;
esac
if [ "$action" = "$FAILS" ]; then echo 'ERROR: SDK.ServerError' >&2; exit 1; fi
cat "$RESPONSES/$file.json"
`;
  const tool = { name: "aliyun", script: ALIYUN };
  const tenant = makeTenant(3, 60);

  test("exports everything that an import reads", async () => {
    expect(await work.export(tool, toolOutput(tenant), "exported")).toMatchObject({ status: 0 });
    expect([...(await work.tree("exported")).keys()]).toEqual([...(await work.tree("responses")).keys()]);
    expect(await work.run("exported", "--out", "exported-out")).toMatchObject({ status: 0 });
    expect(await work.run("responses", "--out", "responses-out")).toMatchObject({ status: 0 });
    expect(await work.objects("exported-out")).toEqual(await work.objects("responses-out"));
    expect((await stat(join(work.path, "exported/apps-0002.json"))).mode & 0o777).toBe(0o600);
  }, 120_000);

  test("ends at a call that fails, and leaves no half file", async () => {
    const { status, output } = await work.export(tool, toolOutput(tenant), "failed", "DescribeApiGroups");
    expect([status, output]).toEqual([1, expect.stringMatching(/this call failed: DescribeApiGroups/)]);
    const files = [...(await work.tree("failed")).keys()];
    expect(files.filter((path) => !path.startsWith("apps"))).toEqual([]);
  }, 120_000);
});
