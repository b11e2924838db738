import { describe, expect, test } from "@jest/globals";
import { Progress } from "../../../../../src/cli/commands/replay/progress.ts";

/** What is written when a request is done every `stepMs`, for `steps` of them. */
function shown(stepMs: number, steps: number, share: () => number | undefined = () => undefined) {
  const written: string[] = [];
  let time = 0;
  const progress = new Progress({ write: (text) => written.push(text), now: () => time, share });
  for (let request = 1; request <= steps; request++) {
    time += stepMs;
    progress.update(request);
  }
  progress.clear();
  return written;
}

describe("progress", () => {
  test("shows nothing, and erases nothing, in a run of less than a second", () => {
    expect(shown(9, 100)).toEqual([]);
  });

  test("is shown at most four times a second after that, however fast requests are done", () => {
    expect(shown(1, 3_000)).toHaveLength(1 + 8 + 1);
  });

  test("shows how many requests are done, and how much of a file is read", () => {
    expect(shown(1_000, 1)[0]).toBe("\rreplaying: 1 requests\u001b[K");
    expect(shown(1_000, 1, () => 0.426)[0]).toBe("\rreplaying: 1 requests (42 %)\u001b[K");
    expect(shown(1_000, 1, () => 1.2)[0]).toContain("(100 %)");
  });

  test("is erased at the end", () => {
    expect(shown(1_000, 2).at(-1)).toBe("\r\u001b[K");
  });
});
