import { describe, expect, test } from "@jest/globals";
import { alibabaPaths } from "../../../../../src/import/plan/paths/alibabaPaths.ts";

describe("a path of Alibaba Cloud API Gateway is written:", () => {
  const cases: Record<string, [string, readonly object[]]> = {
    "the whole path": ["/orders/list", [{ type: "Exact", value: "/orders/list" }]],
    "the root": ["/", [{ type: "Exact", value: "/" }]],
    "with variables": [
      "/orders/[orderId]/items/[n]",
      [{ type: "Template", value: "/orders/{orderId}/items/{n}" }],
    ],
    "with a variable whose name has other characters": [
      "/[order-id]/[2nd]",
      [{ type: "Template", value: "/{order_id}/{_2nd}" }],
    ],
    "with everything below it": ["/files/*", [{ type: "TencentPath", value: "/files/{rest}" }]],
    "with everything": ["/*", [{ type: "TencentPath", value: "/{rest}" }]],
    "with variables right before everything below": [
      "/users/[id]/*",
      [{ type: "TencentPath", value: "/users/{id}/{rest}" }],
    ],
    "beyond ASCII": ["/订单", [{ type: "Exact", value: "/%E8%AE%A2%E5%8D%95" }]],
  };
  test.each(Object.entries(cases))("%s", (_, [text, paths]) => {
    expect(alibabaPaths(text)).toMatchObject({ paths, pattern: undefined });
  });
});

test("a variable before other text and an asterisk is covered by a wider path, and needs a person", () => {
  expect(alibabaPaths("/users/[id]/files/*")).toMatchObject({
    paths: [{ type: "TencentPath", value: "/users/{id}/files/{rest}" }],
    pattern: { text: "/users/[id]/files/*" },
  });
});

describe("a path cannot be written:", () => {
  const cases: Record<string, string> = {
    "with brackets in a segment": "/orders/[id].json",
    "with an asterisk in the middle": "/orders/*/items",
    "with an asterisk that is part of a segment": "/orders/a*",
    "with braces": "/orders/{id}",
    "with two slashes": "/orders//items",
    "with a dot segment": "/orders/../items",
    "with an escape of a slash": "/orders%2Fitems",
    "with a query": "/orders?a=1",
    empty: "",
    "without a slash at its beginning": "orders",
    "longer than a grant allows": `/${"a".repeat(600)}`,
  };
  test.each(Object.entries(cases))("%s", (_, text) => {
    expect(alibabaPaths(text)).toMatchObject({ paths: [], vendorPath: { kind: "impossible", text } });
  });
});
