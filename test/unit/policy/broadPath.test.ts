import { expect, test } from "@jest/globals";
import { breadthOf } from "../../../src/policy/broadPath.ts";
import { GrantEntry } from "../../../src/policy/index/grantEntry.ts";
import { PathTable } from "../../../src/policy/index/paths/pathTable.ts";
import type { GrantedPath } from "../../../src/projection/documents.ts";
import { grant } from "../../support/documents.ts";

const cases: Record<string, [GrantedPath, string | undefined]> = {
  "an exact path is not broad": [{ type: "TencentPath", value: "=/user" }, undefined],
  "a PathPrefix is not broad": [{ type: "PathPrefix", value: "/" }, undefined],
  "a Template is not broad": [{ type: "Template", value: "/user/{id}" }, undefined],
  "a marked prefix admits more than whole segments": [
    { type: "TencentPath", value: "^~/user" },
    "^~/user matches by characters, and also admits /user-x and /user-x/y",
  ],
  "a plain prefix admits more than whole segments": [
    { type: "TencentPath", value: "/user" },
    "/user matches by characters, and also admits /user-x and /user-x/y",
  ],
  "a prefix with a slash at its end admits what is below it": [
    { type: "TencentPath", value: "/user/" },
    "/user/ admits every path that begins with /user/",
  ],
  "the prefix / admits every path": [{ type: "TencentPath", value: "/" }, "/ admits every path"],
  "a variable admits several segments": [
    { type: "TencentPath", value: "/{a}/file/{name}.json" },
    "/{a}/file/{name}.json has variables that span segments, and also admits /a/b/file/a.json",
  ],
};

test.each(Object.entries(cases))("%s", (_, [path, expected]) => {
  expect(breadthOf(path)).toBe(expected);
  const table = new PathTable();
  const api = { name: "api", hosts: [], paths: [path], methods: [] };
  table.add(path, new GrantEntry(grant()), api);
  const named = /also admits (.*)$/.exec(expected ?? "")?.[1]?.split(" and ") ?? [];
  for (const one of named) expect([one, table.match(one, () => true) !== undefined]).toEqual([one, true]);
});
