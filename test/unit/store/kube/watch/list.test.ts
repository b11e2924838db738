import { expect, test } from "@jest/globals";
import type { Call, Connection } from "../../../../../src/store/kube/connection.ts";
import { listAll, tokenIn } from "../../../../../src/store/kube/watch/list.ts";
import { StoreUnavailable } from "../../../../../src/store/store.ts";
import { eventually } from "../../../../support/events.ts";

const metadata = { resourceVersion: "7", continue: "eyJ2IjoibWV0YS5rOHMuaW8vdjEifQ==" };
const items = [{ metadata: { name: "a", annotations: { text: '"continue":"other"' } } }];

test.each<[string, object, string]>([
  ["of built-in objects has it first", { kind: "SecretList", metadata, items }, metadata.continue],
  ["of custom resources has it last, where none is looked for", { items, metadata }, ""],
  ["with one page has none", { kind: "SecretList", metadata: { resourceVersion: "7" }, items }, ""],
  ["with an empty token has none", { metadata: { ...metadata, continue: "" }, items }, ""],
  ["that is an error has none", { kind: "Status", metadata, reason: "Expired" }, ""],
])("the token of a list %s", (_, list, token) => {
  expect(tokenIn(Buffer.from(JSON.stringify(list)))).toBe(token);
});

test("a token beyond the beginning of a list is not looked for", () => {
  const list = { kind: "x".repeat(3_000), metadata, items };
  expect(tokenIn(Buffer.from(JSON.stringify(list)))).toBe("");
});

test("a page is parsed once the request for the next one is sent", async () => {
  const pages = [
    { metadata, items: [{ metadata: { name: "a", uid: "u", resourceVersion: "1" } }] },
    {
      metadata: { resourceVersion: "7" },
      items: [{ metadata: { name: "b", uid: "v", resourceVersion: "2" } }],
    },
  ];
  const calls: Call[] = [];
  const parsed: unknown[] = [];
  const answered = Promise.withResolvers<void>();
  const request = async (_: string, __: string, call: Call) => {
    const page = pages[calls.push(call) - 1];
    if (page === pages[1]) await answered.promise;
    await call.arrived?.(Buffer.from(JSON.stringify(page)));
    parsed.push(page);
    return { status: 200, body: page };
  };
  const names = listAll(
    { request } as unknown as Connection,
    { path: "/things" },
    (one) => one.metadata.name,
  );
  await eventually(() => calls.length === 2);
  expect(calls[1]?.query).toMatchObject({ continue: metadata.continue });
  expect(parsed).toEqual([]);
  calls[1]?.sent?.();
  await eventually(() => parsed.length === 1);
  answered.resolve();
  expect(await names).toEqual({ items: ["a", "b"], version: "7" });
});

test("a page is parsed too if the request for the next one fails", async () => {
  let requests = 0;
  const request = async (_: string, __: string, call: Call) => {
    if (++requests > 1) throw new StoreUnavailable("GET /things: ECONNREFUSED");
    const page = { metadata, items: [] };
    await call.arrived?.(Buffer.from(JSON.stringify(page)));
    return { status: 200, body: page };
  };
  const listed = listAll({ request } as unknown as Connection, { path: "/things" }, (one) => one);
  await expect(listed).rejects.toThrow("ECONNREFUSED");
});
