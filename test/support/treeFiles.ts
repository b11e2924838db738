import type { TreeFiles } from "../../src/cli/shared/tree/readTree.ts";
import { readObject } from "../../src/store/files/declared.ts";
import { parseYamlFile } from "../../src/store/files/yaml/yamlFile.ts";

/** Files as the commands read them from a directory, by their names. */
export function treeFiles(files: Readonly<Record<string, string>>): TreeFiles {
  const parsed = Object.entries(files).map(([name, text]) => parseYamlFile(name, text));
  return {
    objects: parsed.flatMap(({ objects }) =>
      objects.map((object) => ({ object, read: readObject(object, () => undefined) })),
    ),
    problems: parsed.flatMap(({ problems }) => problems),
    files: parsed.length,
  };
}
