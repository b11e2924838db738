import { afterEach, describe, expect, test } from "@jest/globals";
import { Backoff } from "../../../../../src/base/backoff.ts";
import { KubeCollection } from "../../../../../src/store/kube/collection.ts";
import type { ConnectionOptions } from "../../../../../src/store/kube/connection.ts";
import { decodeNamespace } from "../../../../../src/store/kube/objects.ts";
import { Reflector } from "../../../../../src/store/kube/watch/reflector.ts";
import type { NamespaceObject } from "../../../../../src/store/store.ts";
import { eventually } from "../../../../support/events.ts";
import {
  bookmark,
  event,
  type Handler,
  json,
  list,
  object,
  reset,
  startFake,
  watch,
  watchError,
} from "../fakeServer.ts";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function reflect(
  handlers: readonly Handler[],
  options: { silenceMs?: number; connection?: Partial<ConnectionOptions> } = {},
) {
  const server = await startFake(handlers, options);
  const collection = new KubeCollection<NamespaceObject>();
  const restarts: string[] = [];
  const reflector = new Reflector(
    { connection: server.connection, resource: { path: "/things" }, decode: decodeNamespace },
    collection,
    { onRestart: (_, why) => restarts.push(why) },
    {
      watch: () => ({ seconds: 300, silenceMs: options.silenceMs ?? 60_000 }),
      backoff: () => new Backoff({ firstMs: 1, longestMs: 4 }),
    },
  );
  const controller = new AbortController();
  const run = reflector.run(controller.signal);
  const stop = async () => {
    controller.abort();
    await run;
    await server.stop();
  };
  stops.push(stop);
  const names = () => [...collection.values()].map(({ metadata }) => metadata.name);
  return { ...server, reflector, collection, names, restarts, stop };
}

const open = watch([], "stays");

test("a list is read in pages of 500 without a resourceVersion, and the watch begins at its version with bookmarks", async () => {
  const { reflector, names, requests } = await reflect([list("7", ["a"], "next"), list("7", ["b"]), open]);
  await reflector.synced;
  expect(names()).toEqual(["a", "b"]);
  await eventually(() => requests.length === 3);
  expect(requests[0]).toBe("GET /things?limit=500");
  expect(requests[1]).toBe("GET /things?limit=500&continue=next");
  expect(requests[2]).toContain("resourceVersion=7");
  expect(requests[2]).toContain("allowWatchBookmarks=true");
});

test("a list whose next page has expired is restarted", async () => {
  const { reflector, names } = await reflect([
    list("7", ["a"], "next"),
    json(410, { reason: "Expired" }),
    list("8", ["b"]),
    open,
  ]);
  await reflector.synced;
  expect(names()).toEqual(["b"]);
});

test("a page that is too large is asked for in smaller pages", async () => {
  const large = list("7", Array(100).fill("a-name-that-makes-it-long"));
  const { reflector, names, requests } = await reflect([large, list("7", ["a"]), open], {
    connection: { maxBodyBytes: 4_000 },
  });
  await reflector.synced;
  expect(names()).toEqual(["a"]);
  expect(requests[1]).toBe("GET /things?limit=63");
});

describe("P26: the collection is current again after", () => {
  const first = list("5", ["old"]);
  const next = list("9", ["new"]);
  const cases: Record<string, readonly Handler[]> = {
    "a watch with an event of status 410": [first, watch([watchError(410, "Expired")], "stays"), next, open],
    "a watch that is answered 410": [first, json(410, { reason: "Expired" }), next, open],
    "a watch that is answered 429": [first, json(429, { reason: "TooManyRequests" }), next, open],
    "a watch that is answered 500": [first, json(500, {}), next, open],
    "a watch that is cut": [first, watch([bookmark("6")], "is cut"), next, open],
    "a watch that is cut in the middle of a line": [
      first,
      watch([event("ADDED", "half", "6").slice(0, 20)], "is cut"),
      next,
      open,
    ],
    "a watch that is reset": [first, reset, next, open],
    "a watch that sends garbage": [first, watch(["{]\n"], "stays"), next, open],
    "a watch that sends bytes that are not UTF-8": [
      first,
      watch([Buffer.from(event("ADDED", "na\u00efve", "6"), "latin1")], "stays"),
      next,
      open,
    ],
    "a watch of an unknown event": [first, watch([event("RENAMED", "a", "6")], "stays"), next, open],
    "a watch of an object without a UID": [
      first,
      watch([`{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"6"}}}\n`], "stays"),
      next,
      open,
    ],
    "lists that are answered 429, 500 and nothing": [
      json(429, {}),
      json(500, {}),
      reset,
      json(200, "no list"),
      next,
      open,
    ],
    "a list with an object that cannot be read": [
      json(200, { metadata: { resourceVersion: "5" }, items: [object("old", "5"), { metadata: {} }] }),
      next,
      open,
    ],
  };
  test.each(Object.entries(cases))("%s", async (_, handlers) => {
    const { names, restarts } = await reflect(handlers);
    await eventually(() => names().join() === "new");
    expect(restarts.length).toBeGreaterThan(0);
  });

  test("a watch on which the server sends nothing for too long", async () => {
    const { names, restarts } = await reflect([first, open, next, open], { silenceMs: 300 });
    await eventually(() => names().join() === "new");
    expect(restarts[0]).toBe("the watch UND_ERR_BODY_TIMEOUT");
  });
});

test("the error event of a watch is reported in readable words", async () => {
  const { restarts } = await reflect([list("5", []), watch([watchError(410, "Expired")], "stays"), open]);
  await eventually(() => restarts[0] === "the watch ended with Expired");
});

test("P25: while the resource is not served, the collection keeps its last state and never looks empty", async () => {
  const missing = json(404, { reason: "NotFound" });
  const { reflector, names, requests } = await reflect([list("5", ["kept"]), missing, missing, missing]);
  await reflector.synced;
  await eventually(() => requests.length >= 6);
  expect(names()).toEqual(["kept"]);
});

test("a watch that timed out resumes from the last version, without a list", async () => {
  const { names, requests, restarts } = await reflect([
    list("5", ["a"]),
    watch([event("ADDED", "b", "6"), bookmark("8")], "ends"),
    watch([event("DELETED", "a", "9")], "stays"),
  ]);
  await eventually(() => names().join() === "b");
  expect(requests[2]).toContain("resourceVersion=8");
  expect(restarts).toEqual([]);
});

test("characters and events that are cut between chunks are put together again", async () => {
  const bytes = Buffer.from(event("ADDED", "a", "6", { city: "深圳🌊" }) + event("ADDED", "b", "7"));
  const pieces = [...bytes].map((byte) => Buffer.from([byte]));
  const { collection } = await reflect([list("5", []), watch(pieces, "stays")]);
  await eventually(() => collection.size === 2);
  expect(collection.get("a")?.metadata.labels).toEqual({ city: "深圳🌊" });
});

test("P31: what repeats an object's data is stripped on its way in", async () => {
  const annotations = { "kubectl.kubernetes.io/last-applied-configuration": "secret" };
  const metadata = { ...object("a", "6").metadata, annotations, managedFields: [{ manager: "kubectl" }] };
  const { collection } = await reflect([
    json(200, { metadata: { resourceVersion: "6" }, items: [{ metadata }] }),
    open,
  ]);
  const found = await eventually(() => collection.get("a"));
  expect(found.metadata).not.toHaveProperty("annotations");
  expect(found.metadata).not.toHaveProperty("managedFields");
});

test("an aborted reflector ends its watch and asks nothing more", async () => {
  const { reflector, requests, stop, restarts } = await reflect([list("5", ["a"]), open]);
  await reflector.synced;
  await eventually(() => requests.length === 2);
  await stop();
  expect(requests).toHaveLength(2);
  expect(restarts).toEqual([]);
});
