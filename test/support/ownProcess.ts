import { execFileSync } from "node:child_process";

/** What a process of its own prints that runs this TypeScript module with these flags of `node`. Throws if it fails, or takes 30 s. */
export function printedBy(program: string, flags: readonly string[] = []): string {
  const args = [...flags, "--input-type=module-typescript", "--no-warnings", "-e", program];
  return execFileSync(process.execPath, args, { encoding: "utf8", timeout: 30_000 });
}
