import { expect, test } from "@jest/globals";
import { sourceFiles } from "./sources.ts";
import { temporaryFolderProblems } from "./temporaryFolders.ts";

test("temporary folders are made by the helpers that remove them", () => {
  const problems = sourceFiles().flatMap(({ path, source }) => temporaryFolderProblems(path, source));
  expect(problems).toEqual([]);
});

const cases: Record<string, [source: string, problems: number]> = {
  "a folder of its own": ['const folder = await mkdtemp("/x/countersign-");', 1],
  "the system's folder": ["const file = join(tmpdir(), name);", 1],
  "the folder by name": ['const file = "/tmp/countersign";', 1],
  "memory by name": ['const place = "/dev/shm";', 1],
  "the helper": ['const folder = await temporaryFolder("mtls");', 0],
  "a comment": ["// mkdtemp(tmpdir()) was here", 0],
};
test.each(Object.entries(cases))("%s in a test has the right number of problems", (_, [source, problems]) => {
  expect(temporaryFolderProblems("test/a.ts", source)).toHaveLength(problems);
});
