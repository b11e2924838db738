import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { errorCode } from "../../../base/errorCode.ts";
import { field, isRecord, list, parseJson, text } from "../../../base/json.ts";
import { CliFailure, USAGE } from "../../shared/failure.ts";

/** More paths add nothing to what a reader learns about a regular expression. */
const MAX_PATHS = 200_000;
/** A HAR file is one document; a longer text is read line by line alone. */
const MAX_DOCUMENT = 67_108_864;

/**
 * The different paths of captured requests, with and without their first segment, which may name an environment: JSON lines as
 * `countersign replay` reads them, or a HAR file. Lines that hold no request are skipped. Throws CliFailure.
 */
export async function readSeenPaths(file: string): Promise<readonly string[]> {
  const paths = new Set<string>();
  let whole = "";
  try {
    for await (const line of createInterface({
      input: createReadStream(file),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      const value = parseJson(line);
      if (isRecord(value)) add(targetOf(value), paths);
      if (paths.size === 0 && whole.length < MAX_DOCUMENT) whole += line;
    }
  } catch (error) {
    throw new CliFailure(`${file} cannot be read (${errorCode(error)})`, USAGE);
  }
  const entries = list(field(paths.size === 0 ? parseJson(whole) : undefined, "log", "entries"));
  for (const entry of entries) add(pathOfUrl(text(field(entry, "request", "url"))), paths);
  if (paths.size === 0)
    throw new CliFailure(
      `${file} has no captured request: see countersign replay --help for the formats`,
      USAGE,
    );
  return [...paths].sort();
}

function add(target: string, paths: Set<string>): void {
  const path = target.split(/[?#]/)[0] ?? "";
  if (!path.startsWith("/") || paths.size >= MAX_PATHS) return;
  paths.add(path);
  const rest = path.slice(path.indexOf("/", 1));
  if (rest.startsWith("/") && rest !== path) paths.add(rest);
}

/** The target of a line: a field, or in the first line of the bytes. */
function targetOf(line: Readonly<Record<string, unknown>>): string {
  if (typeof line.target === "string") return pathOfUrl(line.target);
  const [first = ""] = Buffer.from(text(line.raw), "base64").toString("latin1").split("\n", 1);
  return pathOfUrl(first.split(" ")[1] ?? "");
}

function pathOfUrl(url: string): string {
  return url.replace(/^https?:\/\/[^/?#]*/, "");
}
