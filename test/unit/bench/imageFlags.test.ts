import { expect, test } from "@jest/globals";
import { imageFlags } from "../../../bench/lab/imageFlags.ts";

test("the benchmarks start Node with the flags that the image has", () => {
  expect(imageFlags()).toEqual(["--single-threaded-gc"]);
  expect(imageFlags('FROM a\nENTRYPOINT ["/node", "--a", "--b=1", "/program.mjs"]\n')).toEqual([
    "--a",
    "--b=1",
  ]);
});

test("a Dockerfile without an entry point is named", () => {
  expect(() => imageFlags("FROM a\n")).toThrow("Dockerfile has no line ENTRYPOINT");
});
