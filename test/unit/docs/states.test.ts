import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const OPERATOR = join(ROOT, "src/operator");

test("every transition of the state diagrams names a function of the operator", () => {
  const page = readFileSync(join(ROOT, "docs/architecture.md"), "utf8");
  const diagrams = [...page.matchAll(/```mermaid\n(stateDiagram-v2\n[\s\S]*?)```/g)].map(
    ([, text = ""]) => text,
  );
  expect(diagrams).toHaveLength(2);
  const transitions = diagrams.flatMap((text) => text.split("\n").filter((line) => line.includes("-->")));
  expect(transitions.filter((line) => !/: .*\w+\(\)/.test(line))).toEqual([]);
  const named = new Set([...page.matchAll(/(\w+)\(\)/g)].map(([, name = ""]) => name));
  const functions = functionsOfOperator();
  expect([...named].filter((name) => !functions.has(name))).toEqual([]);
});

function functionsOfOperator(): ReadonlySet<string> {
  const files = readdirSync(OPERATOR, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  const sources = files.map((name) => readFileSync(join(OPERATOR, name), "utf8"));
  return new Set(
    sources.flatMap((source) => [...source.matchAll(/\bfunction (\w+)/g)].map(([, name = ""]) => name)),
  );
}
