import { readFileSync } from "node:fs";
import { basename } from "node:path";

/**
 * Prints `N passed, N failed`, summed over the results that jest left in these files, one per suite. A file of tests that
 * could not run counts as a failure. A suite without a passed test, or without a result, fails the run.
 */
const results = process.argv.slice(2).map(read);
const sum = (count) => results.reduce((total, result) => total + count(result), 0);
const passed = sum((result) => result.numPassedTests);
const failed = sum((result) => result.numFailedTests + result.numRuntimeErrorTestSuites);
const skipped = sum((result) => result.numPendingTests + result.numTodoTests);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
const allRan = results.length > 0 && results.every((result) => result.numPassedTests > 0);
process.exitCode = failed === 0 && allRan ? 0 : 1;

function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    console.error(`${basename(file)}: no test ran, jest left no result.`);
    return {
      numPassedTests: 0,
      numFailedTests: 0,
      numRuntimeErrorTestSuites: 0,
      numPendingTests: 0,
      numTodoTests: 0,
    };
  }
}
