import type { FileProblem } from "../../store/files/yaml/parsedFile.ts";

/** One problem of a file as a line: file, line, field, what to write instead. */
export function problemLine({ file, line, field, message }: FileProblem): string {
  return `${file}:${line}: ${field === "" ? "" : `${field}: `}${message}`;
}
