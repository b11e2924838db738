import { errorCode } from "../../../base/errorCode.ts";
import { inputProblemLine } from "../../../import/finding.ts";
import type { Gateway } from "../../../import/gateway/gateway.ts";
import { type ImportResult, importTenant } from "../../../import/importTenant.ts";
import { EXIT } from "../../shared/exitStatus.ts";
import { CliFailure, USAGE } from "../../shared/failure.ts";
import { writeOutput } from "../../shared/output.ts";
import { readInput } from "../../shared/readInput.ts";
import { interrupted, untilSignal } from "../../shared/untilSignal.ts";
import { type FoundFile, findFiles } from "./inputFiles.ts";
import { OutputTree, type WrittenTree } from "./outputTree.ts";
import { readPartners } from "./partners.ts";
import { readFiles } from "./readFiles.ts";
import { readSeenPaths } from "./seenPaths.ts";
import { StepProgress } from "./stepProgress.ts";
import { summaryJson, summaryText } from "./summary.ts";

/** The options of `countersign import`. */
export interface ImportFlags {
  readonly out: string;
  readonly namespace: string;
  readonly className?: string;
  readonly host?: readonly (readonly [string, string])[];
  readonly partners?: string;
  readonly secrets: "files" | "none";
  readonly traffic?: string;
  readonly narrow?: boolean;
  readonly assumeReleased?: boolean;
  readonly strict?: boolean;
  readonly output: "text" | "json";
}

/** Runs `countersign import` for one gateway: reads everything, plans everything, and only then writes. Throws CliFailure. */
export async function runImport(
  paths: readonly string[],
  flags: ImportFlags,
  gateway: Gateway,
): Promise<void> {
  const signal = untilSignal();
  const progress = progressOf();
  try {
    const result = await planned(paths, { ...flags, gateway }, progress, signal);
    const tree = await write(flags.out, result, progress, signal);
    progress.clear();
    const summary = { directory: flags.out, objects: result.objects, findings: result.findings, tree };
    await writeOutput(flags.output === "json" ? summaryJson(summary) : summaryText(summary));
    const isClean = result.findings.every(({ level }) => level === "note") && tree.beside.length === 0;
    process.exitCode = flags.strict && !isClean ? EXIT.failed : EXIT.ok;
  } finally {
    progress.clear();
  }
}

function progressOf(): StepProgress {
  const { stderr, env } = process;
  const isTerminal = stderr.isTTY === true && env.TERM !== "dumb";
  return new StepProgress({
    write: (text) => stderr.write(text),
    now: () => performance.now(),
    isTerminal,
  });
}

async function planned(
  paths: readonly string[],
  flags: ImportFlags & { readonly gateway: Gateway },
  progress: StepProgress,
  signal: AbortSignal,
): Promise<Usable> {
  const { partners: file, gateway } = flags;
  const partners = file === undefined ? new Map() : readPartners(await readInput(file), file, gateway);
  const seenPaths = flags.traffic === undefined ? [] : await readSeenPaths(flags.traffic, signal);
  const files = await findFiles(paths, flags.out);
  if (files.length === 0)
    throw new CliFailure(
      `${paths.join(", ")}: no file is there: name files or folders with tool output or Terraform state`,
      USAGE,
    );
  warnOfShared(files);
  const inputs = await readFiles(files, gateway, progress, signal);
  const options = {
    gateway,
    namespace: flags.namespace,
    className: flags.className,
    hosts: new Map(flags.host ?? []),
    partners,
    isNarrow: flags.narrow ?? false,
    hasSecrets: flags.secrets === "files",
    assumesReleased: flags.assumeReleased ?? false,
    seenPaths,
  };
  return usable(importTenant(inputs, options));
}

type Usable = Extract<ImportResult, { readonly ok: true }>;

/** Throws a CliFailure with one line for each problem. */
function usable(result: ImportResult): Usable {
  if (result.ok) return result;
  const lines = [...result.problems.map(inputProblemLine), ...result.usage];
  const shown = lines.slice(0, 20);
  const more = lines.length > shown.length ? [`and ${lines.length - shown.length} more`] : [];
  // Names at the vendor may hold control characters, which would control the terminal.
  const printable = [...shown, ...more].map((line) => line.replaceAll(/\p{Cc}|\p{Cf}/gu, "?"));
  throw new CliFailure(["nothing was written:", ...printable].join("\n  "), USAGE);
}

async function write(
  directory: string,
  result: Usable,
  progress: StepProgress,
  signal: AbortSignal,
): Promise<WrittenTree> {
  const tree = new OutputTree(directory);
  try {
    await tree.stage(result.files(), (count) => progress.update(`writing: ${count} files`), signal);
    if (signal.aborted) throw interrupted(signal, "interrupted: nothing was written");
    return tree.commit();
  } catch (error) {
    discard(tree);
    if (error instanceof CliFailure) throw error;
    throw new CliFailure(
      `${directory} cannot be written (${errorCode(error)}): correct that and import again`,
      USAGE,
    );
  }
}

function discard(tree: OutputTree): void {
  try {
    tree.discard();
  } catch {
    // The failure that led here is the one to report.
  }
}

function warnOfShared(files: readonly FoundFile[]): void {
  const shared = files.filter(({ isShared, bytes }) => isShared && bytes > 0);
  const [first] = shared;
  if (!first) return;
  const others = shared.length === 1 ? "is" : `and ${shared.length - 1} more input files are`;
  process.stderr.write(
    `countersign: warning: ${first.name} ${others} readable by other users of this machine, and exports hold key pairs: chmod go-r\n`,
  );
}
