import { afterEach, describe, expect, test } from "@jest/globals";
import { Secret } from "../../../src/api/secret.ts";
import { systemClock } from "../../../src/base/clock.ts";
import { RedisConnection } from "../../../src/verifier/nonces/redis/connection.ts";
import { RedisNonces } from "../../../src/verifier/nonces/redis/redisNonces.ts";
import { openSession, type RedisCredentials } from "../../../src/verifier/nonces/redis/session.ts";
import { Authority } from "../../support/certificates.ts";
import { eventually } from "../../support/events.ts";
import { type RedisOptions, RedisServer } from "../../support/redisServer.ts";

/** No test depends on the machine's speed: a reply that comes at all comes within this. */
const TIMEOUT_MS = 10_000;

const servers: RedisServer[] = [];
const stores: RedisNonces[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  for (const server of servers.splice(0)) await server.kill();
});

async function startServer(options: RedisOptions = {}): Promise<RedisServer> {
  const server = await RedisServer.start(options);
  servers.push(server);
  return server;
}

interface StoreOptions {
  readonly timeoutMs?: number;
  readonly username?: string;
  readonly isTls?: boolean;
  readonly credentials?: () => RedisCredentials;
}

/** A store of that server, as a verifier has it, and what it reported. */
function storeOf(server: RedisServer, options: StoreOptions = {}) {
  const { timeoutMs = TIMEOUT_MS, username, isTls = false, credentials = () => ({}) } = options;
  const problems: (string | undefined)[] = [];
  const errors: string[] = [];
  const endpoint = {
    host: "127.0.0.1",
    port: server.port,
    isTls,
    database: 0,
    ...(username && { username }),
  };
  const connection = new RedisConnection({
    open: () => openSession(endpoint, credentials()),
    clock: systemClock,
    random: () => 0,
    onChange: (problem) => problems.push(problem?.message),
  });
  const store = new RedisNonces(connection, { timeoutMs, onError: ({ message }) => errors.push(message) });
  store.start();
  stores.push(store);
  const claim = (id: string, requestId = "", windowMs = 60_000) =>
    store.claim({ id, applicationId: "app-a", requestId, windowMs });
  const connected = () => eventually(() => store.isAvailable());
  const lost = () => eventually(() => !store.isAvailable());
  return { store, claim, connected, lost, problems, errors };
}

async function connectedStore(server: RedisServer, options?: StoreOptions) {
  const found = storeOf(server, options);
  await found.connected();
  return found;
}

describe("a store in a real server", () => {
  test("accepts a nonce once, of several verifiers too, until its window has ended", async () => {
    const server = await startServer();
    const [one, other] = [await connectedStore(server), await connectedStore(server)];
    expect(await one.claim("a")).toBe("first");
    expect(await one.claim("a")).toBe("repeated");
    expect(await other.claim("a")).toBe("repeated");
    expect(await other.claim("b", "", 20)).toBe("first");
    await eventually(async () => (await one.claim("b")) === "first");
  });

  test("takes a Check that Envoy repeats for the same request, also to another verifier", async () => {
    const server = await startServer();
    const [one, other] = [await connectedStore(server), await connectedStore(server)];
    expect(await one.claim("a", "17")).toBe("first");
    expect(await other.claim("a", "17")).toBe("first");
    expect(await other.claim("a", "18")).toBe("repeated");
    expect(await other.claim("a", "")).toBe("repeated");
    expect(await one.claim("b", "-")).toBe("first");
    expect(await other.claim("b", "-")).toBe("repeated");
  });

  test("accepts exactly one of two claims of a nonce at the same moment, 1,000 times", async () => {
    const server = await startServer();
    const [one, other] = [await connectedStore(server), await connectedStore(server)];
    for (let round = 0; round < 1_000; round += 1) {
      const results = await Promise.all([one.claim(`n${round}`, "1"), other.claim(`n${round}`, "2")]);
      expect(results.toSorted()).toEqual(["first", "repeated"]);
    }
  });

  test("replies to claims that are written together, each with its own result", async () => {
    const { claim } = await connectedStore(await startServer());
    const ids = Array.from({ length: 500 }, (_, at) => `n${at % 250}`);
    const results = await Promise.all(ids.map((id) => claim(id)));
    expect(results.filter((result) => result === "first")).toHaveLength(250);
    expect(results.filter((result) => result === "repeated")).toHaveLength(250);
  });
});

describe("a server that is away", () => {
  test("makes claims unavailable when it is killed, and is used again when it has been restarted", async () => {
    const server = await startServer();
    const { claim, connected, lost, problems } = await connectedStore(server);
    expect(await claim("a")).toBe("first");
    await server.kill();
    await lost();
    expect(await claim("b")).toBe("unavailable");
    await server.start();
    await connected();
    expect(await claim("b")).toBe("first");
    expect(problems[0]).toBeUndefined();
    expect(problems.slice(1, -1).every((problem) => problem !== undefined)).toBe(true);
    expect(problems.at(-1)).toBeUndefined();
  });

  test("makes claims unavailable from the start, until it is there", async () => {
    const server = await startServer();
    await server.kill();
    const { claim, connected, problems } = storeOf(server);
    await eventually(() => problems.length > 0);
    expect(await claim("a")).toBe("unavailable");
    await server.start();
    await connected();
    expect(await claim("a")).toBe("first");
  });

  test("makes claims unavailable when it hangs: at the timeout, and at once when the connection is given up", async () => {
    const server = await startServer();
    const { claim, connected, lost, problems } = await connectedStore(server, { timeoutMs: 20 });
    server.pause();
    expect(await claim("a")).toBe("unavailable");
    await lost();
    expect(problems).toContain("the server has not replied for 1000 ms");
    server.resume();
    await connected();
  });

  test("does not hold up the end of the verifier", async () => {
    const server = await startServer();
    await server.kill();
    const { store, problems } = storeOf(server);
    await eventually(() => problems.length > 0);
    await store.close();
    expect(store.isAvailable()).toBe(false);
  });
});

describe("a server that rejects commands", () => {
  test("makes claims unavailable when its memory is full", async () => {
    const server = await startServer({ lines: ["maxmemory 1500kb", "maxmemory-policy noeviction"] });
    const { claim, errors } = await connectedStore(server);
    expect(await claim("kept")).toBe("first");
    const results = await Promise.all(
      Array.from({ length: 20_000 }, (_, at) => at).map((at) => claim(`n${at}`)),
    );
    expect(new Set(results)).toEqual(new Set(["first", "unavailable"]));
    expect(errors[0]).toContain("OOM");
  });

  test("makes claims unavailable when it is a replica, and is asked again over a new connection", async () => {
    const server = await startServer({ lines: ["replicaof 127.0.0.1 1"] });
    const { claim, connected, errors, problems } = await connectedStore(server);
    expect(await claim("a")).toBe("unavailable");
    expect(errors[0]).toContain("READONLY");
    await eventually(() => problems.length > 1);
    await connected();
  });
});

describe("credentials", () => {
  const lines = [
    "user default off",
    "user countersign on >right-password ~countersign:nonce:* +set +get +ping",
  ];

  test("of an ACL user with the rights of docs/replay-protection.md are enough", async () => {
    const credentials = () => ({ password: Secret.of("right-password") });
    const { claim } = await connectedStore(await startServer({ lines }), {
      username: "countersign",
      credentials,
    });
    expect(await claim("a", "1")).toBe("first");
    expect(await claim("a", "2")).toBe("repeated");
  });

  test("that are wrong leave the store unavailable, and are read again at the next attempt", async () => {
    let password = "wrong-password";
    const credentials = () => ({ password: Secret.of(password) });
    const server = await startServer({ lines });
    const { claim, connected, problems } = storeOf(server, { username: "countersign", credentials });
    await eventually(() => problems.length > 0);
    expect(problems[0]).toContain("WRONGPASS");
    expect(problems[0]).not.toContain("wrong-password");
    password = "right-password";
    await connected();
    expect(await claim("a")).toBe("first");
  });

  test("by TLS: the server's certificate is verified, and ours is sent", async () => {
    const [authority, foreign] = [await Authority.create(), await Authority.create("another authority")];
    const tls = {
      server: await authority.issue({ ips: ["127.0.0.1"] }),
      authority: authority.certificate,
    };
    const client = await authority.issue({ commonName: "verifier" });
    const server = await startServer({ tls });
    const ours = { certificate: client.certificate, key: Secret.of(client.key) };
    const trusting = () => ({ tls: { ...ours, authorities: authority.certificate } });
    const { claim } = await connectedStore(server, { isTls: true, credentials: trusting });
    expect(await claim("a")).toBe("first");
    const wary = storeOf(server, {
      isTls: true,
      credentials: () => ({ tls: { ...ours, authorities: foreign.certificate } }),
    });
    await eventually(() => wary.problems.length > 0);
    expect(wary.problems[0]).toMatch(/certificate/);
    expect(await wary.claim("b")).toBe("unavailable");
  });
});
