import { hash } from "node:crypto";
import { oneCopy } from "../../../base/oneCopy.ts";

/** The metadata of a file by which its changes are detected. */
export interface FileTimes {
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly size: number;
  readonly ino: number;
}

/** File times advance in ticks of some milliseconds (on Linux before 6.13): two edits of equal length within a tick look like one. */
const TICK_MS = 100;

/** Equal stamps: the file has not changed. "", which equals no stamp, for a file that changed less than a tick before `now`. */
export function stampOf({ mtimeMs, ctimeMs, size, ino }: FileTimes, now: number): string {
  return now - ctimeMs < TICK_MS ? "" : oneCopy(`${mtimeMs}.${ctimeMs}.${size}.${ino}`);
}

/** Equal digests: the same text, which need not be kept to know that. */
export function digestOf(text: string): string {
  return hash("sha256", text, "base64");
}
