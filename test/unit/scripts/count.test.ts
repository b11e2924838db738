import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const COUNT = fileURLToPath(new URL("../../../scripts/count.mjs", import.meta.url));
const folder = await temporaryFolder("count");

const NOTHING = {
  numPassedTests: 0,
  numFailedTests: 0,
  numRuntimeErrorTestSuites: 0,
  numPendingTests: 0,
  numTodoTests: 0,
};

describe("the count of CI's tests", () => {
  const cases: Record<string, [object | string, string, number]> = {
    "is good when all passed": [{ numPassedTests: 3 }, "3 passed, 0 failed", 0],
    "names what was skipped": [
      { numPassedTests: 3, numPendingTests: 1, numTodoTests: 1 },
      "3 passed, 0 failed, 2 skipped",
      0,
    ],
    "fails with a failed test": [{ numPassedTests: 3, numFailedTests: 1 }, "3 passed, 1 failed", 1],
    "takes a file that could not run for a failure": [
      { numPassedTests: 3, numRuntimeErrorTestSuites: 2 },
      "3 passed, 2 failed",
      1,
    ],
    "fails when no test ran": [{}, "0 passed, 0 failed", 1],
    "fails when jest left half a result": ['{"numPassedTests": 3', "0 passed, 0 failed", 1],
  };
  test.each(Object.entries(cases))("%s", (_, [result, line, status]) => {
    expect(count(result)).toEqual([`${line}\n`, status]);
  });

  test("is the sum of all suites", () => {
    expect(count({ numPassedTests: 3, numTodoTests: 1 }, { numPassedTests: 4 })).toEqual([
      "7 passed, 0 failed, 1 skipped\n",
      0,
    ]);
  });

  test("fails when one suite of several failed", () => {
    expect(count({ numPassedTests: 3 }, { numPassedTests: 4, numFailedTests: 2 })).toEqual([
      "7 passed, 2 failed\n",
      1,
    ]);
  });

  test("fails when one suite of several did not run", () => {
    expect(count({ numPassedTests: 3 }, "")).toEqual(["3 passed, 0 failed\n", 1]);
  });

  test("fails when it is given no suite", () => {
    expect(count()).toEqual(["0 passed, 0 failed\n", 1]);
  });
});

/** The line and the exit status for the results of some suites; a string is the file's text. */
function count(...results: (object | string)[]): [string, number | null] {
  const files = results.map((result, index) => {
    const file = join(folder, `result-${index}`);
    writeFileSync(file, typeof result === "string" ? result : JSON.stringify({ ...NOTHING, ...result }));
    return file;
  });
  const run = spawnSync(process.execPath, [COUNT, ...files], { encoding: "utf8" });
  return [run.stdout, run.status];
}
