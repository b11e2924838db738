import { findingsOf } from "../../../access/findings/findingsOf.ts";
import { declaredIn, treeOf } from "../../shared/tree/fileTree.ts";
import { overlapsReported } from "../../shared/tree/overlaps.ts";
import type { TreeFiles } from "../../shared/tree/readTree.ts";
import { fileFindings, keysIn, type PlacedFinding, placed } from "./placed.ts";

/** All findings of files at an instant (epoch milliseconds), by file and place. Throws CliFailure if the analysis takes too long. */
export function allFindings(files: TreeFiles, now: number): readonly PlacedFinding[] {
  const declared = declaredIn(files);
  const found = overlapsReported(() => findingsOf(treeOf(declared), keysIn(declared), now));
  return inOrder([...fileFindings(files), ...[...found].map((finding) => placed(finding, declared))]);
}

function inOrder(findings: readonly PlacedFinding[]): readonly PlacedFinding[] {
  return [...findings].sort(
    (a, b) => Number(a.file > b.file) - Number(a.file < b.file) || a.line - b.line || a.column - b.column,
  );
}
