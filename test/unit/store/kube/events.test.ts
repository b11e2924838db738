import { afterEach, expect, test } from "@jest/globals";
import { EventRecorder } from "../../../../src/store/kube/events.ts";
import type { ObjectEvent } from "../../../../src/store/store.ts";
import { SteppedClock } from "../../../support/steppedClock.ts";
import { type FakeServer, type Handler, json, reset, startFake } from "./fakeServer.ts";

let server: FakeServer | undefined;
afterEach(async () => server?.stop());

const EVENT: ObjectEvent = {
  object: { kind: "Application", namespace: "team", name: "a", uid: "u" },
  type: "Normal",
  reason: "KeyPublished",
  action: "Publishing",
  message: "The key was published.",
};

test("the same Event again is counted and not sent, another one is sent", async () => {
  server = await startFake([json(201, {})]);
  const recorder = new EventRecorder(server.connection, "test");
  for (let i = 0; i < 5; i++) await recorder.record(EVENT);
  await recorder.record({ ...EVENT, reason: "Other" });
  await recorder.record({ ...EVENT, object: { ...EVENT.object, uid: "another" } });
  expect(server.requests).toHaveLength(3);
});

test("an Event that repeats is sent again after a minute, with its count", async () => {
  const bodies: string[] = [];
  const handler: Handler = (request, response) => {
    request.on("data", (chunk: Buffer) => bodies.push(chunk.toString()));
    json(200, {})(request, response);
  };
  server = await startFake([handler]);
  const clock = new SteppedClock();
  const recorder = new EventRecorder(server.connection, "test", clock);
  for (let seconds = 0; seconds <= 60; seconds += 20) {
    await recorder.record(EVENT);
    await clock.advance(20_000, 20_000);
  }
  expect(server.requests.map((request) => request.split(" ")[0])).toEqual(["POST", "PATCH"]);
  const lastObservedTime = new Date(clock.wall() - 20_000).toISOString().replace("Z", "000Z");
  expect(JSON.parse(bodies[1] ?? "")).toEqual({ series: { count: 4, lastObservedTime } });
});

test("an Event that is lost fails nothing, and many at a time are bounded", async () => {
  server = await startFake([reset]);
  const recorder = new EventRecorder(server.connection, "test");
  const events = Array.from({ length: 100 }, (_, i) => ({ ...EVENT, message: `message ${i}` }));
  await Promise.all(events.map((event) => recorder.record(event)));
  expect(server.requests.length).toBeLessThanOrEqual(8);
});

test("of many Events within a second only the first are sent, and more a second later", async () => {
  server = await startFake([json(201, {})]);
  const clock = new SteppedClock();
  const recorder = new EventRecorder(server.connection, "test", clock);
  const record = async (from: number) => {
    for (let i = from; i < from + 200; i++) await recorder.record({ ...EVENT, message: `message ${i}` });
  };
  await record(0);
  expect(server.requests).toHaveLength(20);
  await clock.advance(1_000);
  await record(200);
  expect(server.requests).toHaveLength(40);
});

test("an Event of a cluster-scoped object is kept in the namespace default, with a note that fits", async () => {
  const bodies: string[] = [];
  const handler: Handler = (request, response) => {
    request.on("data", (chunk: Buffer) => bodies.push(chunk.toString()));
    json(201, {})(request, response);
  };
  server = await startFake([handler]);
  const object = { kind: "ApiDomain", namespace: "", name: "shop", uid: "u" } as const;
  await new EventRecorder(server.connection, "test").record({
    ...EVENT,
    object,
    message: "界".repeat(2_000),
  });
  expect(server.requests).toEqual(["POST /apis/events.k8s.io/v1/namespaces/default/events"]);
  const body = JSON.parse(bodies.join(""));
  expect(Buffer.byteLength(body.note)).toBeLessThanOrEqual(1_024);
  expect(body.regarding).not.toHaveProperty("namespace");
});
