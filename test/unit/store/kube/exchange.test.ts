import { getEventListeners } from "node:events";
import { afterEach, expect, test } from "@jest/globals";
import { type FakeServer, json, startFake } from "./fakeServer.ts";

let server: FakeServer | undefined;
afterEach(() => server?.stop());

test("a response that comes in pieces is read as a whole, also when a character is cut", async () => {
  const bytes = Buffer.from(JSON.stringify({ name: "订单" }));
  server = await startFake([
    (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write(bytes.subarray(0, 10), () => response.end(bytes.subarray(10)));
    },
  ]);
  expect(await server.connection.request("GET", "/things")).toMatchObject({
    status: 200,
    body: { name: "订单" },
  });
});

test("a response without a body has none", async () => {
  server = await startFake([(_, response) => void response.writeHead(204).end()]);
  expect(await server.connection.request("DELETE", "/things/one")).toMatchObject({
    status: 204,
    body: undefined,
  });
});

test("a request of a caller that has given up before is not sent", async () => {
  server = await startFake([json(200, {})]);
  const request = server.connection.request("GET", "/things", { signal: AbortSignal.abort() });
  await expect(request).rejects.toThrow("GET /things: AbortError");
  expect(server.requests).toEqual([]);
});

test("a caller's signal keeps nothing of the requests that have ended", async () => {
  const { signal } = new AbortController();
  server = await startFake([json(200, {})]);
  for (let time = 0; time < 3; time++) await server.connection.request("GET", "/things", { signal });
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("headers that announce others are not the response", async () => {
  server = await startFake([
    (_, response) => {
      response.writeEarlyHints({ link: "</style.css>; rel=preload" });
      json(201, { made: true })(_, response);
    },
  ]);
  expect(await server.connection.request("POST", "/things", { body: {} })).toMatchObject({
    status: 201,
    body: { made: true },
  });
});
