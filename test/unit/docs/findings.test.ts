import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";

const FOLDER = new URL("../../../findings/", import.meta.url);

test("findings/README.md lists every script, in the order of their names", () => {
  const scripts = readdirSync(FOLDER).filter((name) => name.endsWith(".sh"));
  const rows = readFileSync(new URL("README.md", FOLDER), "utf8").matchAll(
    /^\| \[(\S+)\]\((\S+)\) \| .+ \|$/gm,
  );
  expect([...rows].map(([, name, file]) => [name, file])).toEqual(
    scripts.toSorted().map((file) => [file.slice(0, -".sh".length), file]),
  );
});
