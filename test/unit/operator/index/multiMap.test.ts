import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { MultiMap } from "../../../../src/operator/index/multiMap.ts";

test("a multi-map equals a set of pairs after any sequence of add, delete and take", () => {
  const key = fc.constantFrom("a", "b", "constructor");
  const value = fc.constantFrom("x", "y");
  const action = fc.tuple(fc.constantFrom("add", "delete", "take"), key, value);
  fc.assert(
    fc.property(fc.array(action), (actions) => {
      const map = new MultiMap();
      const pairs = new Set<string>();
      const valuesOf = (of: string) => ["x", "y"].filter((one) => pairs.has(`${of} ${one}`));
      for (const [what, at, one] of actions) {
        if (what === "add") map.add(at, one);
        if (what === "delete") map.delete(at, one);
        if (what === "take") expect([...map.take(at)].sort()).toEqual(valuesOf(at));
        if (what === "add") pairs.add(`${at} ${one}`);
        if (what === "delete") pairs.delete(`${at} ${one}`);
        if (what === "take") for (const each of ["x", "y"]) pairs.delete(`${at} ${each}`);
        for (const each of ["a", "b", "constructor"])
          expect([...map.get(each)].sort()).toEqual(valuesOf(each));
      }
    }),
  );
});
