import { expect, test } from "@jest/globals";
import type { UsedThing } from "../../../../../src/access/unused.ts";
import { unusedText } from "../../../../../src/cli/commands/access/unusedText.ts";

const KEY: UsedThing = {
  ...{ kind: "key", object: "team-shop/mobile-app", className: "", key: "APIDmobile", state: "Retiring" },
  ...{ lastUsed: "2026-10-02", recordedSince: "2026-06-01T08:00:00Z" },
};
const GRANT: UsedThing = {
  ...{ kind: "grant", object: "team-shop/partners", className: "" },
  recordedSince: "2026-06-01T08:00:00Z",
};

test("a table has a row for each key and grant, and never for what was not used", () => {
  expect(unusedText({ unused: [KEY, GRANT], undecided: [] }, "table")).toBe(
    [
      "KIND    OBJECT                 KEY          STATE      LAST USED    RECORDED SINCE",
      "key     team-shop/mobile-app   APIDmobile   Retiring   2026-10-02   2026-06-01T08:00:00Z",
      "grant   team-shop/partners     -            -          never        2026-06-01T08:00:00Z",
      "",
    ].join("\n"),
  );
});

test("a table without rows is a sentence", () => {
  expect(unusedText({ unused: [], undecided: [GRANT] }, "table")).toMatch(/^No key and no grant .*\.\n$/);
});

test("a table has the classes if there are any", () => {
  const text = unusedText({ unused: [{ ...KEY, className: "internal" }, GRANT], undecided: [] }, "csv");
  expect(text.split("\n")[0]).toBe("class,kind,object,key,state,last used,recorded since");
  expect(text).toContain("internal,key,");
  expect(text).toContain("'-,grant,");
});

test("JSON has null for what is missing, and what is undecided", () => {
  const found = JSON.parse(unusedText({ unused: [GRANT], undecided: [KEY] }, "json"));
  expect(found.unused).toEqual([
    {
      ...{ kind: "grant", object: "team-shop/partners", key: null, state: null, lastUsed: null },
      ...{ recordedSince: "2026-06-01T08:00:00Z", class: null },
    },
  ]);
  expect(found.undecided).toHaveLength(1);
});

test("markdown marks names as code", () => {
  expect(unusedText({ unused: [KEY], undecided: [] }, "markdown")).toContain("| `APIDmobile` |");
});
