import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { violations } from "./imports.ts";

const SRC = new URL("../../../src", import.meta.url).pathname;
const UNIT = new URL("..", import.meta.url).pathname;
const namesIn = (folder: string, end: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(end));
const files = namesIn(SRC, ".ts");
const tests = namesIn(UNIT, ".test.ts");

test("every source file keeps the import rules", () => {
  expect(files.length).toBeGreaterThan(5);
  expect(files.flatMap((name) => violations(name, readFileSync(join(SRC, name), "utf8")))).toEqual([]);
});

test("every unit test lies in the folder of what it tests, which src has under the same name", () => {
  const beside = new Set(["architecture", "argocd", "bench", "docs", "pages", "parts", "scripts", "support"]);
  expect(tests.length).toBeGreaterThan(50);
  const strays = tests.map(dirname).filter((folder) => !beside.has(folder) && !existsSync(join(SRC, folder)));
  expect(strays).toEqual([]);
});

test("no folder has more than 15 loose files: a reader finds the one that matters by its name", () => {
  const counts = new Map<string, number>();
  for (const name of files) counts.set(dirname(name), (counts.get(dirname(name)) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > 15)).toEqual([]);
});

describe("the import rules refuse", () => {
  const cases: Record<string, [string, string]> = {
    "the operator importing the verifier": ["operator/a.ts", 'import { x } from "../verifier/b.ts";'],
    "the verifier importing the operator": ["verifier/a.ts", 'import type { x } from "../operator/b.ts";'],
    "the ground floor importing another folder": ["base/a.ts", 'import { x } from "../api/b.ts";'],
    "a projection that knows policy": ["projection/a.ts", 'import { x } from "../policy/b.ts";'],
    "files in a pure folder": ["policy/a.ts", 'import { readFile } from "node:fs/promises";'],
    "the clock in a pure folder": ["signing/a.ts", "const now = Date.now();"],
    "today's date in a pure folder": ["signing/a.ts", "const now = new Date();"],
    "the clock on the ground floor outside its one file": ["base/a.ts", "const now = Date.now();"],
    "the ground floor's clock in a pure folder": ["policy/a.ts", 'import { x } from "../base/clock.ts";'],
    "randomness in a pure folder": ["api/a.ts", 'import { randomBytes } from "node:crypto";'],
    "random identifiers in a pure folder": ["api/a.ts", "const id = crypto.randomUUID();"],
    "a monotonic clock in a pure folder": ["policy/a.ts", "const now = performance.now();"],
    "a timer in a pure folder": ["policy/a.ts", "setTimeout(act, 1);"],
    "the network in a pure folder": ["signing/a.ts", 'import { request } from "node:http";'],
    "a package in a pure folder that might do anything": ["policy/a.ts", 'import { Pool } from "undici";'],
    "a module of Node without its prefix in a pure folder": ["policy/a.ts", 'import { readFile } from "fs";'],
    "an import only when it is reached": ["operator/a.ts", 'const v = await import("../verifier/b.ts");'],
    "a re-export": ["verifier/a.ts", 'export { x } from "../operator/b.ts";'],
    "a folder that no rule names": ["stray/a.ts", 'import { x } from "../api/b.ts";'],
    "a default export": ["cli/a.ts", "export default 1;"],
    "code of the tests": ["cli/a.ts", 'import { x } from "../../test/support/b.ts";'],
    "the package's own manifest outside the commands": [
      "api/a.ts",
      'import m from "../../package.json" with {};',
    ],
    "a command importing another command": [
      "cli/commands/explain/a.ts",
      'import { x } from "../replay/b.ts";',
    ],
    "a command importing another command's types": [
      "cli/commands/sign/a.ts",
      'import type { x } from "../signing/b.ts";',
    ],
    "shared parts of the commands importing a command": [
      "cli/shared/a.ts",
      'import { x } from "../commands/replay/b.ts";',
    ],
    "doctor importing the commands": ["doctor/a.ts", 'import { x } from "../cli/shared/b.ts";'],
    "the inside of the signing folder": ["policy/a.ts", 'import { x } from "../signing/model.ts";'],
    "an import over several lines": ["api/a.ts", 'import {\n  x,\n} from "../store/b.ts";'],
  };
  test.each(Object.entries(cases))("%s", (_, [path, source]) => {
    expect(violations(path, source)).toHaveLength(1);
  });
});

describe("the import rules let through", () => {
  const cases: Record<string, [string, string]> = {
    "digests in a pure folder": ["signing/a.ts", 'import { createHmac } from "node:crypto";'],
    "a date that is made from a parameter": ["signing/a.ts", "const date = new Date(milliseconds);"],
    "a comment that names the clock": ["api/a.ts", "// never Date.now() here"],
    "the system clock in its one file": ["base/clock.ts", "const now = Date.now();"],
    "a pure folder importing the ground floor": ["api/a.ts", 'import { x } from "../base/json.ts";'],
    "the clock in a folder with I/O": ["store/a.ts", 'import { x } from "../base/clock.ts";'],
    "the signing folder's public module": ["policy/a.ts", 'import { x } from "../signing/scheme.ts";'],
    "a command reading the version": ["cli/a.ts", 'import m from "../../package.json" with {};'],
    "a command importing its own files": ["cli/commands/sign/a.ts", 'import { x } from "./b.ts";'],
    "a command importing what commands share": [
      "cli/commands/sign/a.ts",
      'import { x } from "../../shared/b.ts";',
    ],
    "the program importing its commands": ["cli/program.ts", 'import { x } from "./commands/sign/b.ts";'],
    "the verifier deciding by policy": ["verifier/a.ts", 'import { decide } from "../policy/decide.ts";'],
    "the operator asking policy who owns a host": [
      "operator/a.ts",
      'import { x } from "../policy/ownership.ts";',
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [path, source]) => {
    expect(violations(path, source)).toEqual([]);
  });
});
