import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "@jest/globals";
import { errorCode, errorCodeOrName } from "../../../src/base/errorCode.ts";

function thrown(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

const missingFile = thrown(() => readFileSync("/nowhere"));
const foreign = runInNewContext('Object.assign(new Error(), { code: "EIO" })');
const aborted = new DOMException("secret", "AbortError");

describe("an error", () => {
  const cases: Record<string, [error: unknown, code: string, codeOrName: string]> = {
    "of the system has its code": [missingFile, "ENOENT", "ENOENT"],
    "of another realm has its code": [foreign, "EIO", "EIO"],
    "without a code has a name": [new TypeError("secret"), "unknown error", "TypeError"],
    "with a numeric code has a name": [aborted, "unknown error", "AbortError"],
    "that is a string has neither": ["secret", "unknown error", "unknown error"],
    "that is undefined has neither": [undefined, "unknown error", "unknown error"],
    "that is null has neither": [null, "unknown error", "unknown error"],
  };
  test.each(Object.entries(cases))("%s", (_, [error, code, codeOrName]) => {
    expect([errorCode(error), errorCodeOrName(error)]).toEqual([code, codeOrName]);
  });
});
