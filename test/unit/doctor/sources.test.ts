import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { readEnvoyFile } from "../../../src/doctor/sources.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder("sources");
});

async function readText(text: string) {
  const file = join(folder, "envoy.yaml");
  await writeFile(file, text);
  return await readEnvoyFile(file);
}

describe("a file of Envoy's configuration", () => {
  test("may have several documents, anchors, merge keys and YAML 1.1 booleans, as Envoy reads them", async () => {
    const read = await readText(
      [
        "x: &filter {name: authz, disabled: yes}",
        "---",
        "y: &filter {name: authz, disabled: yes}",
        "listeners:",
        "- name: in",
        "  filter_chains:",
        "  - filters:",
        '    - typed_config: {"@type": t/e.v3.HttpConnectionManager, http_filters: [{<<: *filter, name: other}]}',
      ].join("\n"),
    );
    expect(read.ok && read.value.managers.flatMap(({ filters }) => filters)).toMatchObject([
      { name: "other", isDisabled: true },
    ]);
  });

  const broken: Record<string, [text: string, seen: RegExp]> = {
    "with a syntax error": ["a: [1\nb: 2\n", /^line \d is not valid YAML: /],
    "with a key that comes twice": ["a: 1\na: 2\n", /^line 2 is not valid YAML: Map keys must be unique/],
    "that is plain text": ["listeners", /^line 1 holds something that is no object/],
  };
  test.each(Object.entries(broken))("%s is reported with its line", async (_, [text, seen]) => {
    expect((await readText(text)).findings).toMatchObject([
      { id: "cannot-look", seen: expect.stringMatching(seen) },
    ]);
  });

  test("that does not exist is reported with the reason", async () => {
    const { findings } = await readEnvoyFile(join(folder, "none.yaml"));
    expect(findings).toMatchObject([{ id: "cannot-look", seen: "it cannot be read (ENOENT)" }]);
  });
});
