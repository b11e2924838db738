/** The files that may make temporary folders, or name the place for them, since each sees to their removal. */
const MAKERS: readonly string[] = [
  "scripts/tempRoot.mjs",
  "src/cli/shared/folders/scratchFolder.ts",
  "test/parts/cache.ts",
  "test/support/temporaryFolder.ts",
];

const MAKES = /\bmkdtemp(?:Sync)?\b|\btmpdir\b|["'`]\/(?:tmp|dev\/shm)\b/;

/** Where one source file makes temporary files past the helpers that remove them. `path` is relative to the project. */
export function temporaryFolderProblems(path: string, source: string): readonly string[] {
  if (MAKERS.includes(path)) return [];
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
  const made = MAKES.exec(code)?.[0];
  const helper = path.startsWith("src/") ? "withScratchFolder()" : "temporaryFolder()";
  return made ? [`${path}: ${made}: use ${helper}, which removes what it makes`] : [];
}
