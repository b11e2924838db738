import { type Finding, type FindingCode, HEADINGS, type Level } from "../../../import/finding.ts";
import type { PlannedObjects } from "../../../import/plan/objects.ts";
import type { WrittenTree } from "./outputTree.ts";

/** What a run reports. */
export interface SummaryInput {
  readonly directory: string;
  readonly objects: PlannedObjects;
  readonly findings: readonly Finding[];
  readonly tree: WrittenTree;
}

/** The summary for people. */
export function summaryText({ directory, objects, findings, tree }: SummaryInput): string {
  const { applications, grants, domains } = objects;
  const withKey = applications.filter(({ pair }) => pair !== undefined).length;
  const held = grants.filter(({ isSuspended }) => isSuspended).length;
  const lines = [
    `${applications.length} Applications (${withKey} with a key pair), ${grants.length} ApiGrants (${held} suspended), ${domains.length} ApiDomains`,
    `${directory}: ${tree.written} ${tree.written === 1 ? "file" : "files"} written, ${tree.unchanged} unchanged`,
    ...tree.beside.map(
      (path) => `  ${path} was changed by a person: kept, the new content is in ${path}.new`,
    ),
    ...tree.encrypted.map((path) => `  ${path} is encrypted: kept`),
    ...leftOver(tree.leftOver),
    ...levelLines("decision", "need a decision", findings),
    ...levelLines("leftOut", "left out", findings),
    `Read ${directory}/MIGRATION.md first.`,
  ];
  return `${lines.join("\n")}\n`;
}

/** The summary as one JSON document, for programs. It has no secret in it. */
export function summaryJson({ directory, objects, findings, tree }: SummaryInput): string {
  const { applications, grants, domains } = objects;
  const document = {
    directory,
    applications: applications.length,
    applicationsWithKey: applications.filter(({ pair }) => pair !== undefined).length,
    grants: grants.length,
    suspendedGrants: grants.filter(({ isSuspended }) => isSuspended).length,
    domains: domains.length,
    files: tree,
    findings: findings.map(({ level, code, subject, text, from }) => ({ level, code, subject, text, from })),
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

function leftOver(paths: readonly string[]): readonly string[] {
  const shown = paths
    .slice(0, 20)
    .map((path) => `  ${path} is from an earlier run and not in this export: delete it if it is obsolete`);
  return paths.length > 20 ? [...shown, `  and ${paths.length - 20} more`] : shown;
}

function levelLines(level: Level, title: string, findings: readonly Finding[]): readonly string[] {
  const found = findings.filter((one) => one.level === level);
  if (found.length === 0) return [];
  const codes = (Object.keys(HEADINGS) as FindingCode[]).map(
    (code) => [code, found.filter((one) => one.code === code).length] as const,
  );
  const rows = codes.filter(([, count]) => count > 0).map(([code, count]) => `  ${count}  ${HEADINGS[code]}`);
  return [`${found.length} ${title}:`, ...rows];
}
