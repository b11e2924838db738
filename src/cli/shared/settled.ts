import { systemClock } from "../../base/clock.ts";
import type { Operator } from "../../operator/controller.ts";
import type { FilesStore } from "../../store/files/filesStore.ts";
import { isToldOfAll } from "../commands/standalone/terminalReport.ts";
import { aborted } from "./untilSignal.ts";

/** What is in force is known at once; what is said of it may take some more rounds, which nobody needs to wait for long. */
const TOLD_WITHIN_MS = 3_000;

/** Until what the files say now is in force: a file that went away while nothing ran may be a grant that was taken back. */
export async function settled(store: FilesStore, operator: Operator, signal: AbortSignal): Promise<void> {
  do {
    if (!store.isSettled) await systemClock.sleep(50, signal);
    // An operator whose workers have stopped is never idle.
    await Promise.race([operator.idle(), aborted(signal)]);
  } while (!store.isSettled && !signal.aborted);
  const began = systemClock.monotonic();
  while (!isToldOfAll(store) && systemClock.monotonic() - began < TOLD_WITHIN_MS && !signal.aborted)
    await systemClock.sleep(20, signal);
}
