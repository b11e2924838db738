import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { accessLog } from "../../../src/cli/commands/envoyConfig/accessLog.ts";

interface StdoutAccessLog {
  readonly typed_config: { readonly log_format: { readonly json_format: Readonly<Record<string, string>> } };
}

const fields = (accessLog() as StdoutAccessLog).typed_config.log_format.json_format;
const page = (name: string) => readFileSync(new URL(`../../../docs/${name}.md`, import.meta.url), "utf8");

test("docs/observability.md lists every field of Envoy's access log, once", () => {
  const section = /^## Access log\n([\s\S]*?)^## /m.exec(page("observability"))?.[1] ?? "";
  const listed = [...section.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, names = ""]) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
  );
  expect(listed.toSorted()).toEqual(Object.keys(fields).toSorted());
});

test("docs/troubleshooting.md sends a reader to the field that has the code of the denial", () => {
  const [, name = ""] = /code\s+in its field `(\w+)`/.exec(page("troubleshooting")) ?? [];
  expect(fields[name]).toBe("%DYNAMIC_METADATA(envoy.filters.http.ext_authz:code)%");
});
