import { mkdir, readFile, writeFile } from "node:fs/promises";
import { stringify } from "yaml";
import { customResourceDefinition, KINDS } from "../src/api/crds.ts";
import { GROUP } from "../src/api/names.ts";

/** Writes crds/ from the kinds' constants; with --check it writes nothing and fails when a file is not what it would write. */
const folder = new URL("../crds/", import.meta.url);
const check = process.argv.includes("--check");
const files = KINDS.map((definition) => ({
  name: `${GROUP}_${definition.plural}.yaml`,
  text: stringify(customResourceDefinition(definition), { lineWidth: 0, aliasDuplicateObjects: false }),
}));
const kustomization = stringify({
  apiVersion: "kustomize.config.k8s.io/v1beta1",
  kind: "Kustomization",
  resources: files.map((file) => file.name),
});
await mkdir(folder, { recursive: true });
for (const { name, text } of [...files, { name: "kustomization.yaml", text: kustomization }]) {
  const place = new URL(name, folder);
  if (!check) await writeFile(place, text);
  else if ((await readFile(place, "utf8").catch(() => "")) !== text) {
    process.stderr.write(`crds/${name} is not current: run npm run generate\n`);
    process.exitCode = 1;
  }
}
