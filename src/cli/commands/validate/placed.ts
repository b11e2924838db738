import type { KeyInFiles } from "../../../access/findings/applicationFindings.ts";
import { FINDINGS, type Finding, type FindingId, type Severity } from "../../../access/findings/catalog.ts";
import { CREDENTIAL_KEYS } from "../../../api/names.ts";
import { field, text } from "../../../base/json.ts";
import type { FileProblem } from "../../../store/files/yaml/parsedFile.ts";
import { type DeclaredObject, idOfDeclared, isDeclared } from "../../shared/tree/fileTree.ts";
import type { TreeFiles } from "../../shared/tree/readTree.ts";

/** A finding with its place in the files. */
export interface PlacedFinding extends Finding {
  readonly severity: Severity;
  readonly file: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

/** The findings of the files themselves: what cannot be read, what the API server would reject, and what is declared twice. */
export function fileFindings(files: TreeFiles): readonly PlacedFinding[] {
  const invalid = files.objects.flatMap(({ read }) => (read.kind === "wrong" ? read.problems : []));
  return [
    ...files.problems.map((problem) => ofProblem("FileUnreadable", problem)),
    ...invalid.map((problem) => ofProblem("ObjectInvalid", problem)),
    ...repeated(files),
  ];
}

/** A finding about an object, at its field. */
export function placed(finding: Finding, declared: ReadonlyMap<string, DeclaredObject>): PlacedFinding {
  const object = declared.get(finding.object)?.object;
  const { line, column } = object?.positionOf(finding.field) ?? { line: 1, column: 1 };
  return { ...finding, severity: FINDINGS[finding.id].severity, file: object?.file ?? "", line, column };
}

/** The ApiAppKeys of Secrets that are in the files as they are, without their secrets; encrypted ones are left out. */
export function keysIn(declared: ReadonlyMap<string, DeclaredObject>): readonly KeyInFiles[] {
  return [...declared.values()].flatMap(({ read, object }) => {
    const { kind, namespace, name } = read.declared;
    if (kind !== "Secret" || field(object.value, "sops") !== undefined) return [];
    const plain = text(field(object.value, "stringData", CREDENTIAL_KEYS.key));
    const encoded = text(field(object.value, "data", CREDENTIAL_KEYS.key));
    const apiAppKey = plain === "" ? Buffer.from(encoded, "base64").toString("utf8") : plain;
    return apiAppKey === "" ? [] : [{ namespace, name, apiAppKey }];
  });
}

function ofProblem(id: FindingId, problem: FileProblem): PlacedFinding {
  const { file, line, column = 1, message } = problem;
  const [, object = "", at = ""] = /^(\S+ \S+?)(?:: (.*))?$/.exec(problem.field) ?? [];
  const isNamed = /^[A-Z]/.test(object);
  return {
    ...{ id, severity: FINDINGS[id].severity, file, line, column, message },
    object: isNamed ? object : "",
    field: isNamed ? at : problem.field,
  };
}

function repeated({ objects }: TreeFiles): readonly PlacedFinding[] {
  const first = new Map<string, DeclaredObject>();
  return objects.filter(isDeclared).flatMap((one) => {
    const object = idOfDeclared(one.read.declared);
    const known = first.get(object);
    if (!known) first.set(object, one);
    if (!known) return [];
    const message = `is declared in ${known.object.file}:${known.object.line} already: remove one of the two`;
    const { line, column } = one.object.positionOf("");
    const common = { id: "ObjectRepeated", severity: FINDINGS.ObjectRepeated.severity } as const;
    return [{ ...common, object, field: "", message, file: one.object.file, line, column }];
  });
}
