import { readFile } from "node:fs/promises";
import type { LookupFunction } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Agent, WebSocket } from "undici";
import { type Call, send, signedHeaders } from "../../support/caller.ts";
import { countersignOutput } from "../../support/cluster.ts";
import { type EnvoyProcess, startEnvoy } from "../../support/envoyProcess.ts";
import { eventually } from "../../support/events.ts";
import { reservePort } from "../../support/ports.ts";
import { sendRaw } from "../../support/rawHttp.ts";
import { type Shop, startShop } from "../../support/shop.ts";
import { startWebSocketUpstream, type WebSocketUpstream } from "../../support/webSocketUpstream.ts";

const HOST = "api.shop.example.com";
const ORIGIN = "https://shop.example.com";
const CORS = [
  ...["--cors-origin", ORIGIN, "--cors-origin", "https://*.preview.example.com"],
  ...["--cors-allow-header", "X-Tenant", "--cors-expose-header", "ETag", "--cors-max-age", "60"],
];
let shop: Shop;
let envoy: EnvoyProcess;
let port: number;

/** Envoy as `countersign envoy-config` prints it with these flags. */
async function startWith(
  flags: readonly string[],
  upstream: number,
  verifier = shop.verifierPort,
): Promise<[EnvoyProcess, number]> {
  const common = ["--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--timeout", "5s"];
  const config = await countersignOutput([
    ...["envoy-config", ...common, "--max-request-bytes", "65536", "--resources", "examples/quickstart"],
    ...["--upstream", `http://127.0.0.1:${upstream}`, "--verifier", `127.0.0.1:${verifier}`],
    ...flags,
  ]);
  const started = await startEnvoy(config);
  return [started, await started.listenerPort("in")];
}

/** Until Envoy has found the verifier. */
async function ready(to: number): Promise<void> {
  const signed = { port: to, host: HOST, path: "/refunds", credentials: shop.credentials };
  await eventually(async () => (await send(signed)).status === 403);
}

beforeAll(async () => {
  shop = await startShop(65_536);
  [envoy, port] = await startWith(CORS, shop.upstream.port);
  await ready(port);
}, 60_000);
afterAll(async () => {
  await envoy?.stop();
  await shop?.stop();
});

const preflight = (origin: string, path = "/orders", to = port) =>
  send({
    port: to,
    host: HOST,
    path,
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type,x-date,x-tenant",
    },
  });
const call = (origin: string, more: Partial<Call> = {}) =>
  send({
    ...{ port, host: HOST, path: "/orders", credentials: shop.credentials },
    ...more,
    headers: { origin, ...more.headers },
  });
/** How many decisions the verifier has made so far. */
const decisions = async () => {
  const text = await (await fetch(shop.metricsUrl)).text();
  const counts = [...text.matchAll(/^countersign_decisions_total\{[^}]*\} (\d+)/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
};

test("the example is what the command in its first line prints", async () => {
  const text = await readFile("examples/gateways/envoy/browsers.yaml", "utf8");
  const [, command = ""] = /^# .*: countersign (.*)\n/.exec(text) ?? [];
  expect(await countersignOutput(command.split(" "))).toBe(text.slice(text.indexOf("\n") + 1));
});

describe("a browser's preflight", () => {
  test("is answered by Envoy, and reaches neither verifier nor upstream", async () => {
    const [before, seen] = [await decisions(), shop.upstream.seen.length];
    const { status, headers } = await preflight(ORIGIN);
    expect(status).toBe(200);
    expect(headers.get("access-control-allow-origin")).toBe(ORIGIN);
    expect(headers.get("access-control-allow-methods")).toContain("POST");
    const allowed = headers.get("access-control-allow-headers")?.split(", ") ?? [];
    const wanted = ["authorization", "x-date", "content-md5", "content-type", "x-requested-with", "x-tenant"];
    expect(allowed).toEqual(expect.arrayContaining(wanted));
    expect(headers.get("access-control-max-age")).toBe("60");
    expect(headers.has("access-control-allow-credentials")).toBe(false);
    expect([await decisions(), shop.upstream.seen.length]).toEqual([before, seen]);
  });

  test("is answered under the prefix of an environment, and on every host", async () => {
    expect((await preflight(ORIGIN, "/test/orders")).status).toBe(200);
    const other = { host: "other.example.com", headers: { "access-control-request-method": "GET" } };
    const answer = await call(ORIGIN, { ...other, method: "OPTIONS" });
    expect(answer.headers.get("access-control-allow-origin")).toBe(ORIGIN);
  });

  const origins: Record<string, [string, boolean]> = {
    "of a name below a wildcard": ["https://pr-7.preview.example.com", true],
    "of a name two levels below a wildcard": ["https://a.b.preview.example.com", true],
    "of the wildcard's own domain": ["https://preview.example.com", false],
    "of a name that only ends alike": ["https://evil-preview.example.com", false],
    "of a name where a dot is any character": ["https://a.previewxexample.com", false],
    "of another scheme": ["http://shop.example.com", false],
    "of another port": [`${ORIGIN}:8443`, false],
    "of a longer name": [`${ORIGIN}.evil.example.org`, false],
    "of no origin": ["null", false],
  };
  test.each(Object.entries(origins))(
    "%s is allowed only where it is listed",
    async (_, [origin, isListed]) => {
      const before = await decisions();
      const { headers } = await preflight(origin);
      expect(headers.get("access-control-allow-origin")).toBe(isListed ? origin : undefined);
      expect(await decisions()).toBe(before);
    },
  );
});

describe("a script's request", () => {
  test("that is signed passes, and its response can be read", async () => {
    const seen = shop.upstream.seen.length;
    const { status, headers } = await call(ORIGIN, { method: "POST", body: '{"sku":7}' });
    expect(status).toBe(200);
    expect(shop.upstream.seen).toHaveLength(seen + 1);
    expect(headers.get("access-control-allow-origin")).toBe(ORIGIN);
    expect(headers.get("vary")).toBe("Origin");
    expect(headers.get("access-control-expose-headers")).toBe(
      "x-api-requestid, www-authenticate, date, etag",
    );
    expect(headers.get("x-api-requestid")).toMatch(/./);
  });

  const denied: Record<string, [Partial<Call>, number, string | undefined]> = {
    "with a key that is unknown": [{ credentials: { key: "APIDx", secret: "y" } }, 401, "KeyUnknown"],
    "of an API that is not granted": [{ path: "/refunds" }, 403, "ApiNotGranted"],
    "with a path that can be understood in two ways": [{ path: "/orders;x" }, 400, "UnsafePath"],
    "with a body above the limit": [{ method: "POST", body: "a".repeat(70_000) }, 413, undefined],
  };
  test.each(Object.entries(denied))("%s is denied in words that the script can read", async (_, row) => {
    const [sent, wanted, code] = row;
    const seen = shop.upstream.seen.length;
    const { status, headers, body } = await call(ORIGIN, sent);
    expect([status, headers.get("access-control-allow-origin")]).toEqual([wanted, ORIGIN]);
    if (code !== undefined) expect(JSON.parse(body).code).toBe(code);
    expect(shop.upstream.seen).toHaveLength(seen);
  });

  test("that is not signed is denied in words that the script can read", async () => {
    const { status, headers, body } = await send({
      port,
      host: HOST,
      path: "/orders",
      headers: { origin: ORIGIN },
    });
    expect([status, headers.get("access-control-allow-origin")]).toEqual([401, ORIGIN]);
    expect(JSON.parse(body).code).toBe("AuthorizationMissing");
  });

  test("gets an error that the script can read when no verifier responds", async () => {
    const [other, otherPort] = await startWith(CORS, shop.upstream.port, await reservePort());
    const { status, headers } = await call(ORIGIN, { port: otherPort });
    expect([status, headers.get("access-control-allow-origin")]).toEqual([503, ORIGIN]);
    await other.stop();
  }, 30_000);

  test("that Envoy refuses before any filter carries no CORS headers", async () => {
    const { status, headers } = await call(ORIGIN, { path: "/orders%2f7" });
    expect([status, headers.get("access-control-allow-origin")]).toEqual([400, undefined]);
  });

  test("of an origin that is not listed gets no CORS headers, whether it passes or not", async () => {
    for (const sent of [{}, { path: "/refunds" }]) {
      const { headers } = await call("https://other.example.org", sent);
      expect([...headers.keys()].filter((name) => name.startsWith("access-control-"))).toEqual([]);
    }
  });

  test("is not allowed to send cookies unless that is asked for", async () => {
    const [other, otherPort] = await startWith([...CORS, "--cors-allow-credentials"], shop.upstream.port);
    const { headers } = await preflight(ORIGIN, "/orders", otherPort);
    expect(headers.get("access-control-allow-credentials")).toBe("true");
    await other.stop();
  }, 30_000);

  test("is let in from everywhere by *", async () => {
    const [other, otherPort] = await startWith(["--cors-origin", "*"], shop.upstream.port);
    const { headers } = await preflight("https://anybody.example.net", "/orders", otherPort);
    expect(headers.get("access-control-allow-origin")).toBe("https://anybody.example.net");
    expect(headers.has("access-control-allow-credentials")).toBe(false);
    await other.stop();
  }, 30_000);
});

describe("a WebSocket", () => {
  const HANDSHAKE = [
    ...[`Host: ${HOST}`, "Connection: Upgrade", "Upgrade: websocket"],
    ...["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="],
  ];
  const open = (to: number, ...lines: string[]) =>
    sendRaw(to, `${["GET /orders HTTP/1.1", ...HANDSHAKE, ...lines].join("\r\n")}\r\n\r\n`);
  let sockets: WebSocketUpstream;
  let gateway: EnvoyProcess;
  let to: number;
  beforeAll(async () => {
    sockets = await startWebSocketUpstream();
    [gateway, to] = await startWith(["--upgrade", "websocket"], sockets.port);
    await ready(to);
  }, 60_000);
  afterAll(async () => {
    await gateway?.stop();
    await sockets?.stop();
  });

  test("whose handshake is a signed GET passes, and carries messages both ways", async () => {
    const signed = signedHeaders({ port: to, path: "/orders", credentials: shop.credentials });
    // The Host line comes from the URL alone, so the name is looked up here.
    const lookup: LookupFunction = (_, __, found) => found(null, [{ address: "127.0.0.1", family: 4 }]);
    const dispatcher = new Agent({ connect: { lookup } });
    const socket = new WebSocket(`ws://${HOST}:${to}/orders`, { headers: signed, dispatcher });
    const said = await new Promise((resolve, reject) => {
      socket.addEventListener("open", () => socket.send("hello"));
      socket.addEventListener("message", ({ data }) => resolve(data));
      socket.addEventListener("error", () => reject(new Error("the handshake failed")));
    });
    expect(said).toBe("HELLO");
    expect(sockets.handshakes.at(-1)).toMatchObject({ "x-countersign-application": "team-shop/mobile-app" });
    expect(sockets.handshakes.at(-1)).not.toHaveProperty("authorization");
    socket.close();
    await dispatcher.close();
  });

  test("whose handshake is not signed is denied by the verifier, and reaches no upstream", async () => {
    const before = sockets.handshakes.length;
    const { status, body } = await open(to, "Accept: */*");
    expect([status, JSON.parse(body).code]).toEqual([401, "AuthorizationMissing"]);
    expect(sockets.handshakes).toHaveLength(before);
  });

  test("is denied by Envoy where upgrades were not asked for", async () => {
    const signed = signedHeaders({ port, path: "/orders", credentials: shop.credentials });
    const lines = Object.entries(signed).map(([name, value]) => `${name}: ${value}`);
    expect(await open(port, ...lines)).toMatchObject({ status: 403, body: "" });
  });
});
