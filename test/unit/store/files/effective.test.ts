import { describe, expect, test } from "@jest/globals";
import type { Declared } from "../../../../src/store/files/declared.ts";
import type { Declarations } from "../../../../src/store/files/directory.ts";
import { type Effective, effective } from "../../../../src/store/files/effective.ts";

const declared = (name: string, file = "a.yaml"): Declared => ({
  kind: "Application",
  namespace: "team",
  name,
  labels: {},
  annotations: {},
  spec: {},
  file,
  line: 1,
});
const declarations = (change: Partial<Declarations> = {}): Declarations => ({
  objects: new Map(),
  kept: new Set(),
  brokenFiles: new Set(),
  problems: [],
  ...change,
});
const before: Effective = { objects: new Map([["x", declared("x")]]), missing: new Map() };
const at = (time: number) => ({ time, graceMs: 2_000 });

describe("what a directory declares", () => {
  test("stays in force for the grace after its file went away, and no longer", () => {
    const first = effective(before, declarations(), at(100));
    expect([...first.objects.keys()]).toEqual(["x"]);
    const second = effective(first, declarations(), at(2_099));
    expect([...second.objects.keys()]).toEqual(["x"]);
    const third = effective(second, declarations(), at(2_100));
    expect([...third.objects.keys()]).toEqual([]);
    expect(third.missing.size).toBe(0);
  });

  test("gets the whole grace period again when it was back in between", () => {
    const gone = effective(before, declarations(), at(0));
    const back = effective(gone, declarations({ objects: before.objects }), at(1_000));
    const again = effective(back, declarations(), at(1_900));
    expect(effective(again, declarations(), at(3_800)).objects.size).toBe(1);
    expect(effective(again, declarations(), at(3_900)).objects.size).toBe(0);
  });

  test("stays for good while its file is broken, or its object is wrong", () => {
    const broken = declarations({ brokenFiles: new Set(["a.yaml"]) });
    const wrong = declarations({ kept: new Set(["x"]) });
    for (const now of [broken, wrong]) {
      const later = effective(effective(before, now, at(0)), now, at(1_000_000));
      expect(later).toEqual({ objects: before.objects, missing: new Map() });
    }
  });

  test("is not kept by another broken file", () => {
    const other = declarations({ brokenFiles: new Set(["b.yaml"]) });
    expect(effective(effective(before, other, at(0)), other, at(2_000)).objects.size).toBe(0);
  });
});
