import { expect, test } from "@jest/globals";
import { StepProgress } from "../../../../../src/cli/commands/import/stepProgress.ts";

/** Updates at these times in milliseconds, and what was written. */
function shown(isTerminal: boolean, times: readonly number[]): readonly string[] {
  const written: string[] = [];
  let now = 0;
  const progress = new StepProgress({ write: (text) => written.push(text), now: () => now, isTerminal });
  for (const time of times) {
    now = time;
    progress.update(`reading: ${time}`);
  }
  progress.clear();
  return written;
}

test("on a terminal one line changes at most four times a second, and is erased at the end", () => {
  expect(shown(true, [0, 999, 1_000, 1_100, 1_250])).toEqual([
    "\rreading: 1000\u001b[K",
    "\rreading: 1250\u001b[K",
    "\r\u001b[K",
  ]);
});

test("elsewhere a line is written every 5 s", () => {
  expect(shown(false, [1_000, 4_999, 5_000, 9_000, 10_000])).toEqual(["reading: 5000\n", "reading: 10000\n"]);
});

test("a short run shows nothing", () => {
  expect([shown(true, [10, 500]), shown(false, [10, 3_000])]).toEqual([[], []]);
});
