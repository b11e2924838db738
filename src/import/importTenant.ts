import type { Secret } from "../api/secret.ts";
import type { Fact } from "./facts.ts";
import type { Finding, InputProblem } from "./finding.ts";
import type { GatewayWords } from "./gateway/gateway.ts";
import type { Inputs } from "./input.ts";
import { hostProblems } from "./plan/hostProblems.ts";
import type { PlannedObjects } from "./plan/objects.ts";
import type { PlanOptions } from "./plan/options.ts";
import { planTenant } from "./plan/planTenant.ts";
import { migrationText, type SourceLine } from "./report/migration.ts";
import { mergeTenant } from "./tenant/mergeTenant.ts";
import { byText, grouped } from "./tenant/order.ts";
import { type PlannedFile, plannedFiles } from "./yaml/files.ts";

/** What an import writes and reports; or why it writes nothing. */
export type ImportResult =
  | {
      readonly ok: true;
      readonly objects: PlannedObjects;
      readonly findings: readonly Finding[];
      /** Ends with MIGRATION.md. */
      readonly files: () => Generator<PlannedFile>;
    }
  | { readonly ok: false; readonly problems: readonly InputProblem[]; readonly usage: readonly string[] };

/** Turns what was read into files. Pure: all reading is done, and nothing is written. */
export function importTenant(inputs: Inputs, options: PlanOptions): ImportResult {
  const merged = mergeTenant(inputs.facts, options.gateway);
  const problems = [...inputs.problems, ...merged.problems];
  const usage = [...hostProblems(merged.tenant, options), ...partnerProblems(inputs.facts, options)];
  if (problems.length > 0 || usage.length > 0) return { ok: false, problems, usage };
  const { findings: planned, ...objects } = planTenant(merged.tenant, options);
  const findings = sorted([...inputs.findings, ...merged.findings, ...planned]);
  const { namespace, hasSecrets, gateway } = options;
  const sources = sourceLines(inputs.facts, gateway.words.counted);
  const report = { objects, findings, namespace, hasSecrets, gateway, sources };
  return {
    ok: true,
    objects,
    findings,
    *files() {
      yield* plannedFiles(objects, options);
      yield { path: "MIGRATION.md", content: migrationText(report) } as {
        path: string;
        content: string | Secret;
      };
    },
  };
}

/** An id of the vendor's has the form of an applicationId, and names no Application here, or another one. */
function partnerProblems(facts: readonly Fact[], { partners }: PlanOptions): readonly string[] {
  const ids = new Set(
    facts.flatMap((fact) =>
      fact.kind === "application" ? [fact.id] : fact.kind === "binding" ? [fact.application] : [],
    ),
  );
  return [...partners].flatMap(([id, { applicationId }]) =>
    ids.has(applicationId)
      ? [
          `--partners: ${id}: ${applicationId} is an id of the old gateway: write the status.applicationId of the partner's Application here`,
        ]
      : [],
  );
}

function sorted(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted(
    (a, b) => byText(a.code, b.code) || byText(a.subject, b.subject) || byText(a.text, b.text),
  );
}

/** More rows are folded into those of the folders above them: an export may have a folder for each API and stage. */
const MAX_FOLDERS = 40;

function sourceLines(facts: readonly Fact[], counted: GatewayWords["counted"]): readonly SourceLine[] {
  return [...byFolder(facts)].map(([folder, all]) => ({
    folder,
    files: new Set(all.map(({ from }) => from.file)).size,
    facts: Object.entries(counted).flatMap(([kind, text]) => {
      const count = all.filter((fact) => fact.kind === kind).length;
      return count === 0 ? [] : [`${count} ${text}`];
    }),
  }));
}

function byFolder(facts: readonly Fact[]): ReadonlyMap<string, readonly Fact[]> {
  const folders = grouped(facts, ({ from }) => from.file.slice(0, from.file.lastIndexOf("/") + 1) || "./");
  let depth = Math.max(0, ...[...folders.keys()].map((one) => one.split("/").length));
  let folded = folders;
  while (folded.size > MAX_FOLDERS && depth > 1) {
    depth -= 1;
    folded = grouped(facts, ({ from }) => folderOf(from.file, depth));
  }
  return folded;
}

/** The folder of a file, of at most this many levels. */
function folderOf(file: string, depth: number): string {
  const levels = file.split("/").slice(0, -1).slice(0, depth);
  return levels.length === 0 ? "./" : `${levels.join("/")}/`;
}
