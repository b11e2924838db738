import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";

const read = (name: string) => readFileSync(new URL(`../../../${name}`, import.meta.url), "utf8");
const { devDependencies, engines } = JSON.parse(read("package.json"));
const [major] = devDependencies.node.split(".");

test(".nvmrc, CONTRIBUTING.md and Node's types name the major version of the Node that the scripts use", () => {
  expect(read(".nvmrc")).toBe(`${major}\n`);
  expect(read("CONTRIBUTING.md")).toContain(`installs Node ${major} as the npm package \`node\``);
  expect(devDependencies["@types/node"].split(".")[0]).toBe(major);
});

test("the scripts' Node is new enough to run the program", () => {
  const [oldest] = engines.node.replace(">=", "").split(".").map(Number);
  expect(Number(major)).toBeGreaterThanOrEqual(oldest);
  expect(process.versions.node).toBe(devDependencies.node);
});
