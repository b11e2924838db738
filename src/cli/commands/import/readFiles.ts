import { open, readFile } from "node:fs/promises";
import { errorCode } from "../../../base/errorCode.ts";
import type { Gateway } from "../../../import/gateway/gateway.ts";
import { InputReader, type Inputs } from "../../../import/input.ts";
import { CliFailure, USAGE } from "../../shared/failure.ts";
import { interrupted } from "../../shared/untilSignal.ts";
import type { FoundFile } from "./inputFiles.ts";
import type { StepProgress } from "./stepProgress.ts";

/** A larger file is no export: 10,000 applications with 70,000 bindings make a state of 60 MB. */
const MAX_BYTES = 268_435_456;
/** Files that are larger are looked at before they are read: archives and plug-ins are not. */
const LARGE_BYTES = 4_194_304;
const HEAD_BYTES = 4_096;

/** Reads all files, one after the other. Throws CliFailure when one cannot be read, or when the signal aborts. */
export async function readFiles(
  files: readonly FoundFile[],
  gateway: Gateway,
  progress: StepProgress,
  signal: AbortSignal,
): Promise<Inputs> {
  const reader = new InputReader(gateway);
  for (const [index, file] of files.entries()) {
    if (signal.aborted) throw interrupted(signal, "interrupted: nothing was written");
    progress.update(`reading: ${index} of ${files.length} files`);
    reader.add({ name: file.name, isNamed: file.isNamed, bytes: await read(file) });
  }
  return reader.finish();
}

async function read(file: FoundFile): Promise<Uint8Array> {
  try {
    if (file.bytes > LARGE_BYTES) {
      const head = await headOf(file.path);
      if (!isText(head)) return head;
      if (file.bytes > MAX_BYTES)
        throw new CliFailure(
          `${file.name} has ${file.bytes} bytes, more than the ${MAX_BYTES} that import reads: export in several files`,
          USAGE,
        );
    }
    return await readFile(file.path);
  } catch (error) {
    if (error instanceof CliFailure) throw error;
    throw new CliFailure(`${file.name} cannot be read (${errorCode(error)})`, USAGE);
  }
}

async function headOf(path: string): Promise<Uint8Array> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Whether the first character could begin a document in UTF-8 or UTF-16. */
function isText(head: Uint8Array): boolean {
  return /^\s*(?:[[{]|$)/.test(
    Buffer.from(head)
      .toString("latin1")
      .replaceAll(/\0|^(?:\u00ff\u00fe|\u00fe\u00ff|\u00ef\u00bb\u00bf)/g, ""),
  );
}
