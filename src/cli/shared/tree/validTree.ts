import type { Tree } from "../../../access/tree.ts";
import type { FileProblem } from "../../../store/files/yaml/parsedFile.ts";
import { CliFailure, USAGE } from "../failure.ts";
import { problemLine } from "../problemLine.ts";
import { type DeclaredObject, declaredIn, treeOf } from "./fileTree.ts";
import { type TreeFiles, TreeReader } from "./readTree.ts";

/** A tree without errors. */
export interface ValidTree {
  readonly tree: Tree;
  readonly declared: ReadonlyMap<string, DeclaredObject>;
}

/**
 * Reads a tree of which every object is valid: who may call what is not known for a tree that the API server would refuse in
 * part. Throws CliFailure with the problems.
 */
export async function readValidTree(
  paths: readonly string[],
  signal: AbortSignal,
  onFile?: (files: number) => void,
): Promise<ValidTree> {
  const read = validOf(paths, await new TreeReader(signal, onFile).read(paths));
  return { declared: read, tree: treeOf(read) };
}

/** Reads two versions of a tree. An object of both is older than one of the new version alone. */
export async function readTwoTrees(
  old: string,
  next: string,
  signal: AbortSignal,
  onFile?: (files: number) => void,
): Promise<{ readonly old: Tree; readonly next: Tree }> {
  const reader = new TreeReader(signal, onFile);
  const before = validOf([old], await reader.read([old]));
  const after = validOf([next], await reader.read([next]));
  return { old: treeOf(before), next: treeOf(after, before) };
}

function validOf(paths: readonly string[], files: TreeFiles): ReadonlyMap<string, DeclaredObject> {
  const ofObjects = files.objects.flatMap(({ read }) => (read.kind === "wrong" ? read.problems : []));
  const problems: readonly FileProblem[] = [...files.problems, ...ofObjects];
  if (problems.length === 0) return declaredIn(files);
  const shown = problems.slice(0, 20).map(problemLine).join("\n");
  throw new CliFailure(
    `${paths.join(" ")} has ${problems.length} ${problems.length === 1 ? "error" : "errors"}; countersign validate lists all of them:\n${shown}`,
    USAGE,
  );
}
