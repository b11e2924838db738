import { expect, test } from "@jest/globals";
import { imageFlags, imageVariables } from "../../../bench/lab/imageFlags.ts";

test("the benchmarks start Node with the flags and environment variables that the image has", () => {
  expect(imageFlags()).toEqual([]);
  expect(imageVariables()).toEqual({
    MALLOC_ARENA_MAX: "1",
    MALLOC_MMAP_THRESHOLD_: "262144",
    NODE_OPTIONS: "--max-semi-space-size=16",
    NODE_COMPILE_CACHE: "/opt/countersign/compile-cache",
  });
  const dockerfile = 'FROM a\nENV A=1\nENV B_C=d=2\nENTRYPOINT ["/node", "--a", "--b=1", "/program.mjs"]\n';
  expect(imageFlags(dockerfile)).toEqual(["--a", "--b=1"]);
  expect(imageVariables(dockerfile)).toEqual({ A: "1", B_C: "d=2" });
});

test("a Dockerfile without an entry point is named", () => {
  expect(() => imageFlags("FROM a\n")).toThrow("Dockerfile has no line ENTRYPOINT");
});
