import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { bundledPackages, noticesOf } from "../../../scripts/notices.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const root = await temporaryFolder("notices");

function shipped(name: string, license: string): string {
  mkdirSync(join(root, name));
  writeFileSync(join(root, name, "package.json"), JSON.stringify({ name, version: "1.0.0", license }));
  writeFileSync(join(root, name, "LICENSE.md"), `Copyright of ${name}`);
  return name;
}

describe("the notices of the bundle", () => {
  test("name each package once, whatever its scope and wherever it lies", () => {
    const files = [
      "src/cli/main.ts",
      "node_modules/@grpc/grpc-js/build/src/call.js",
      "node_modules/@grpc/grpc-js/build/src/client.js",
      "node_modules/a/node_modules/b/index.js",
    ];
    expect(bundledPackages(files)).toEqual(["node_modules/@grpc/grpc-js", "node_modules/a/node_modules/b"]);
  });

  test("repeat the licence statement of the package", async () => {
    const text = await noticesOf([shipped("good", "MIT")], root);
    expect(text).toMatch(/good 1\.0\.0 \(MIT\)\n\nCopyright of good/);
  });

  test("refuse a package that may not be shipped so", async () => {
    await expect(noticesOf([shipped("closed", "SSPL-1.0")], root)).rejects.toThrow(
      /closed 1\.0\.0 .*SSPL-1\.0/,
    );
  });
});
