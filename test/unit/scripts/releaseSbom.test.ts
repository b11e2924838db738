import { expect, test } from "@jest/globals";
import { programSbom } from "../../../scripts/release/sbom.ts";

const NOW = new Date("2026-12-01T00:00:00Z");
const component = (ref: string, more: object = {}) => ({
  "bom-ref": ref,
  type: "library",
  name: ref.slice(0, ref.lastIndexOf("@")),
  ...more,
});
const manifest = {
  name: "program",
  version: "1.0.0",
  dependencies: { "@scope/server": "1.0.0", parser: "2.0.0" },
};

/** What npm prints: the program needs @scope/server, which needs shared; the tests need shared and a runner. */
const printed = {
  bomFormat: "CycloneDX",
  serialNumber: "urn:uuid:00000000-0000-4000-8000-000000000000",
  metadata: {
    timestamp: "2020-01-01T00:00:00Z",
    component: component("program@1.0.0", { name: "folder-of-the-checkout" }),
  },
  components: [
    component("@scope/server@1.0.0", {
      externalReferences: [
        { type: "distribution", url: "https://registry.example.com/server.tgz" },
        { type: "vcs", url: "git+https://example.com/server.git" },
      ],
    }),
    component("parser@2.0.0"),
    component("parser@1.0.0"),
    component("runner@3.0.0"),
    component("shared@4.0.0"),
  ],
  dependencies: [
    { ref: "program@1.0.0", dependsOn: ["@scope/server@1.0.0", "parser@2.0.0", "runner@3.0.0"] },
    { ref: "@scope/server@1.0.0", dependsOn: ["shared@4.0.0"] },
    { ref: "parser@2.0.0", dependsOn: [] },
    { ref: "parser@1.0.0", dependsOn: [] },
    { ref: "runner@3.0.0", dependsOn: ["shared@4.0.0", "parser@1.0.0"] },
    { ref: "shared@4.0.0", dependsOn: ["@scope/server@1.0.0"] },
  ],
};
const made = (bom: object = printed) => JSON.parse(programSbom(JSON.stringify(bom), manifest, NOW));

test("the list has what the program needs, including what its tests need too, but not what only its tests need", () => {
  expect(made().components.map((one: { "bom-ref": string }) => one["bom-ref"])).toEqual([
    "@scope/server@1.0.0",
    "parser@2.0.0",
    "shared@4.0.0",
  ]);
  expect(made().dependencies).toEqual([
    { ref: "program@1.0.0", dependsOn: ["@scope/server@1.0.0", "parser@2.0.0"] },
    { ref: "@scope/server@1.0.0", dependsOn: ["shared@4.0.0"] },
    { ref: "parser@2.0.0", dependsOn: [] },
    { ref: "shared@4.0.0", dependsOn: ["@scope/server@1.0.0"] },
  ]);
});

test("the list has no download address, and names neither the checkout's folder nor the run", () => {
  const bom = made();
  expect(JSON.stringify(bom)).not.toContain("registry.example.com");
  expect(bom.components[0].externalReferences).toEqual([
    { type: "vcs", url: "git+https://example.com/server.git" },
  ]);
  expect(bom.metadata.component).toMatchObject({ "bom-ref": "program@1.0.0", name: "program" });
  expect([bom.serialNumber, bom.metadata.timestamp]).toEqual([undefined, "2026-12-01T00:00:00.000Z"]);
});

test("a list without a dependency of package.json is refused", () => {
  const [first, ...rest] = printed.dependencies;
  const dependencies = [{ ...first, dependsOn: ["parser@2.0.0"] }, ...rest];
  expect(() => made({ ...printed, dependencies })).toThrow(
    "npm sbom lists no @scope/server: run npm ci, then try again",
  );
});
