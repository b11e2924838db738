import { describe, expect, test } from "@jest/globals";
import { selects } from "../../../../src/policy/index/selector.ts";
import type { LabelSelector } from "../../../../src/projection/documents.ts";

type Expression = NonNullable<LabelSelector["matchExpressions"]>[number];

const LABELS = { tier: "internal", region: "eu" };
const expressions = (...matchExpressions: Expression[]): LabelSelector => ({ matchExpressions });

describe("labels of an internal team in the EU are", () => {
  const cases: Record<string, [LabelSelector, boolean]> = {
    "selected by one of them": [{ matchLabels: { tier: "internal" } }, true],
    "selected by both of them": [{ matchLabels: LABELS }, true],
    "not selected by another value": [{ matchLabels: { tier: "external" } }, false],
    "not selected by one of them with another label": [{ matchLabels: { tier: "internal", x: "y" } }, false],
    "selected by In with their value": [
      expressions({ key: "region", operator: "In", values: ["us", "eu"] }),
      true,
    ],
    "not selected by In without it": [expressions({ key: "region", operator: "In", values: ["us"] }), false],
    "not selected by In of a label that they lack": [
      expressions({ key: "x", operator: "In", values: ["y"] }),
      false,
    ],
    "selected by NotIn without their value": [
      expressions({ key: "region", operator: "NotIn", values: ["us"] }),
      true,
    ],
    "not selected by NotIn with it": [
      expressions({ key: "region", operator: "NotIn", values: ["eu"] }),
      false,
    ],
    "selected by NotIn of a label that they lack": [
      expressions({ key: "x", operator: "NotIn", values: ["y"] }),
      true,
    ],
    "selected by Exists of one of them": [expressions({ key: "tier", operator: "Exists" }), true],
    "not selected by Exists of another": [expressions({ key: "x", operator: "Exists" }), false],
    "selected by DoesNotExist of another": [expressions({ key: "x", operator: "DoesNotExist" }), true],
    "not selected by DoesNotExist of one of them": [
      expressions({ key: "tier", operator: "DoesNotExist" }),
      false,
    ],
    "not selected when one requirement of several fails": [
      {
        matchLabels: { tier: "internal" },
        matchExpressions: [{ key: "region", operator: "In", values: ["us"] }],
      },
      false,
    ],
    "not selected by an empty selector": [{}, false],
    "not selected by a selector of empty lists": [{ matchLabels: {}, matchExpressions: [] }, false],
    "not selected by Exists of the name of an object's own property": [
      expressions({ key: "constructor", operator: "Exists" }),
      false,
    ],
  };
  test.each(Object.entries(cases))("%s", (_, [selector, expected]) => {
    expect(selects(selector, LABELS)).toBe(expected);
  });
});
