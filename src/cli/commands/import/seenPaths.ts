import { captures } from "../../shared/capture/captures.ts";
import { CliFailure, USAGE } from "../../shared/failure.ts";

/** More paths add nothing to what a reader learns about a regular expression. */
const MAX_PATHS = 200_000;

/**
 * The different paths of captured requests, with and without their first segment, which may name an environment, in every format that
 * `countersign replay` reads. What holds no request is skipped. Throws CliFailure.
 */
export async function readSeenPaths(file: string, signal: AbortSignal): Promise<readonly string[]> {
  const paths = new Set<string>();
  for await (const captured of captures([file], { signal }))
    if (captured.ok && paths.size < MAX_PATHS) add(captured.message.target, paths);
  if (paths.size === 0 && !signal.aborted)
    throw new CliFailure(
      `${file} has no captured request: see countersign replay --help for the formats`,
      USAGE,
    );
  return [...paths].sort();
}

function add(target: string, paths: Set<string>): void {
  const path = target.split("?", 1)[0] ?? "";
  if (!path.startsWith("/")) return;
  paths.add(path);
  const rest = path.slice(path.indexOf("/", 1));
  if (rest.startsWith("/") && rest !== path) paths.add(rest);
}
