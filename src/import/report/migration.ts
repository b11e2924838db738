import { placeText } from "../facts.ts";
import { type Finding, type FindingCode, HEADINGS, type Level } from "../finding.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { PlannedObjects } from "../plan/objects.ts";

/** What MIGRATION.md is made from. */
export interface MigrationInput {
  readonly objects: PlannedObjects;
  readonly findings: readonly Finding[];
  readonly namespace: string;
  readonly hasSecrets: boolean;
  readonly gateway: Gateway;
  /** How many files each folder had, and what was read of them. */
  readonly sources: readonly SourceLine[];
}

/** What was taken from the files of one folder. */
export interface SourceLine {
  readonly folder: string;
  readonly files: number;
  /** Such as `3 applications`, by kind. */
  readonly facts: readonly string[];
}

/** The text of MIGRATION.md. The same input gives the same bytes. */
export function migrationText(input: MigrationInput): string {
  const { findings } = input;
  const sections = [
    `# Migration from ${input.gateway.name}\n\n${input.gateway.words.warning}\n`,
    summary(input),
    level("Needs a decision", "decision", findings, "Nothing needs a decision."),
    level("Left out", "leftOut", findings, "Nothing was left out."),
    level("Notes", "note", findings, "None."),
    sources(input),
    next(input),
  ];
  return `${sections.join("\n").trimEnd()}\n`;
}

function summary({ objects, findings }: MigrationInput): string {
  const held = objects.grants.filter(({ isSuspended }) => isSuspended).length;
  const withKey = objects.applications.filter(({ pair }) => pair !== undefined).length;
  const decisions = findings.filter((one) => one.level === "decision").length;
  return `## What was written
| objects | number | |
|---|---|---|
| Applications | ${objects.applications.length} | ${withKey} with a key pair |
| ApiGrants | ${objects.grants.length} | ${held} suspended: they keep paths that no caller may use yet from wider paths |
| ApiDomains | ${objects.domains.length} | |
| decisions | ${decisions} | listed below |
`;
}

function level(title: string, wanted: Level, findings: readonly Finding[], none: string): string {
  const found = findings.filter((one) => one.level === wanted);
  if (found.length === 0) return `## ${title}\n${none}\n`;
  const codes = (Object.keys(HEADINGS) as FindingCode[]).filter((code) =>
    found.some((one) => one.code === code),
  );
  return `## ${title}\n${codes.map((code) => section(code, found)).join("\n")}`;
}

function section(code: FindingCode, found: readonly Finding[]): string {
  const lines = found.filter((one) => one.code === code).map(line);
  return `### ${HEADINGS[code]}\n${lines.join("\n")}\n`;
}

function line({ subject, text, from }: Finding): string {
  const places = from.map((place) => inline(placeText(place))).join(", ");
  return `- ${escaped(subject)}: ${escaped(text)}${places === "" ? "" : ` (${places})`}`;
}

function sources({ sources: folders }: MigrationInput): string {
  const rows = folders.map(
    ({ folder, files, facts }) => `| ${inline(folder)} | ${files} | ${facts.join(", ")} |`,
  );
  return `## What was taken from where\n| folder | files | read |\n|---|---|---|\n${rows.join("\n")}\n`;
}

function next({ namespace, hasSecrets }: MigrationInput): string {
  const secrets = hasSecrets
    ? "The files in `secrets` hold key pairs in clear text. Encrypt them (SOPS, Sealed Secrets) before you commit them."
    : "No Secrets were written. Each Application names the Secret that it needs in `importFrom`.";
  return `## What to run next
${secrets}

\`\`\`sh
countersign replay traffic.jsonl --resources DIR   # captured requests: which would be denied, and why
kubectl apply --dry-run=server -R -f DIR/domains -f DIR/secrets -f DIR/applications -f DIR/grants
kubectl apply -R -f DIR/domains -f DIR/secrets -f DIR/applications -f DIR/grants
kubectl wait -n ${namespace} --for=condition=Ready --timeout=120s applications --all
\`\`\`

Import again whenever the export changes: files that you changed are kept, and the new content is written beside them as \`.new\`.
`;
}

function inline(text: string): string {
  return `\`${text.replaceAll("`", "'").replaceAll(/[|\r\n]/g, " ")}\``;
}

/** Names at the vendor may have any character: line ends, and what Markdown or HTML would interpret, are escaped. */
function escaped(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, " ").replaceAll(/[\\`*_<>|[\]#]/g, "\\$&");
}
