import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { violations } from "./imports.ts";

const SRC = new URL("../../../src", import.meta.url).pathname;
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));

test("every source file keeps the import rules", () => {
  expect(files.length).toBeGreaterThan(5);
  expect(files.flatMap((name) => violations(name, readFileSync(join(SRC, name), "utf8")))).toEqual([]);
});

describe("the import rules refuse", () => {
  const cases: Record<string, [string, string]> = {
    "the operator importing the verifier": ["operator/a.ts", 'import { x } from "../verifier/b.ts";'],
    "the verifier importing the operator": ["verifier/a.ts", 'import type { x } from "../operator/b.ts";'],
    "a projection that knows policy": ["projection/a.ts", 'import { x } from "../policy/b.ts";'],
    "files in a pure folder": ["policy/a.ts", 'import { readFile } from "node:fs/promises";'],
    "the clock in a pure folder": ["signing/a.ts", "const now = Date.now();"],
    "today's date in a pure folder": ["signing/a.ts", "const now = new Date();"],
    "randomness in a pure folder": ["api/a.ts", 'import { randomBytes } from "node:crypto";'],
    "a default export": ["cli/a.ts", "export default 1;"],
    "code of the tests": ["cli/a.ts", 'import { x } from "../../test/support/b.ts";'],
    "an import over several lines": ["api/a.ts", 'import {\n  x,\n} from "../store/b.ts";'],
  };
  test.each(Object.entries(cases))("%s", (_, [path, source]) => {
    expect(violations(path, source)).toHaveLength(1);
  });
});

test("the import rules let digests into a pure folder", () => {
  expect(violations("signing/a.ts", 'import { createHmac } from "node:crypto";')).toEqual([]);
});
