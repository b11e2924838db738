import { Secret } from "../../../src/api/secret.ts";
import type { Finding } from "../../../src/import/finding.ts";
import { TENCENT } from "../../../src/import/gateway/tencent.ts";
import { type ImportResult, importTenant } from "../../../src/import/importTenant.ts";
import { InputReader } from "../../../src/import/input.ts";
import type { PlanOptions } from "../../../src/import/plan/options.ts";

/** Options of an import, as the command line has them by default. */
const DEFAULTS: PlanOptions = {
  gateway: TENCENT,
  namespace: "team-shop",
  className: undefined,
  hosts: new Map(),
  partners: new Map(),
  isNarrow: false,
  hasSecrets: true,
  assumesReleased: false,
  seenPaths: [],
};

/** Files of an import by their names; a file counts as named itself where its name begins with `!`. */
export type Files = Iterable<readonly [name: string, content: string | Uint8Array]>;

/** Imports files that exist only in the test. */
export function runImport(files: Files, options: Partial<PlanOptions> = {}): ImportResult {
  const { gateway } = { ...DEFAULTS, ...options };
  const reader = new InputReader(gateway);
  for (const [name, content] of files) {
    const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
    reader.add({ name: name.replace(/^!/, ""), bytes, isNamed: name.startsWith("!") });
  }
  return importTenant(reader.finish(), { ...DEFAULTS, ...options });
}

/** An import that has to succeed. */
export function imported(files: Files, options: Partial<PlanOptions> = {}) {
  const result = runImport(files, options);
  if (!result.ok) throw new Error(JSON.stringify([...result.problems, ...result.usage]));
  return result;
}

/** The written files by their paths; Secrets in clear text. */
export function textsOf(result: Extract<ImportResult, { readonly ok: true }>): ReadonlyMap<string, string> {
  return new Map(
    [...result.files()].map(({ path, content }) => [
      path,
      content instanceof Secret ? content.reveal() : content,
    ]),
  );
}

/** Findings as `code: subject: text` lines. */
export function lines(findings: readonly Finding[], level?: Finding["level"]): readonly string[] {
  return findings
    .filter((one) => level === undefined || one.level === level)
    .map(({ code, subject, text }) => `${code}: ${subject}: ${text}`);
}
