import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { systemClock } from "../../../src/base/clock.ts";
import { application, settings } from "../../support/documents.ts";
import { decodeResponse, encodeCheck } from "../../support/envoyProtos.ts";
import {
  CHECK,
  HEALTH,
  LoopbackVerifiers,
  NOT_SERVING,
  SERVING,
  signed,
} from "../../support/loopbackVerifier.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const same = (value: Buffer) => value;

const loopback = new LoopbackVerifiers();
const { started } = loopback;
afterEach(() => loopback.stop());

describe("the gRPC port", () => {
  test("allows a signed request", async () => {
    const { call } = await started();
    expect(decodeResponse(await call(CHECK, signed())).status?.code).toBe(0);
  });

  test("responds on a Unix socket too", async () => {
    const folder = await temporaryFolder("grpc");
    const listen = `unix:${join(folder, "socket")}`;
    const { grpc, call } = await started({ listen });
    expect(grpc).toBe(listen);
    expect(decodeResponse(await call(CHECK, signed())).status?.code).toBe(0);
  });

  test("P24: takes a message of the proxy's limit and its headers, and refuses a longer one with an error", async () => {
    const { call } = await started();
    const body = (size: number) =>
      encodeCheck({ method: "GET", path: "/orders", rawBody: Buffer.alloc(size) });
    expect(decodeResponse(await call(CHECK, body(10_000 + 100_000))).deniedResponse).not.toBeNull();
    await expect(call(CHECK, body(10_000 + 200_000))).rejects.toMatchObject({ code: 8 });
  });

  test("responds to garbage with a denial or an error, and keeps serving", async () => {
    const { call, grpc } = await started();
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from([255]),
      Buffer.from("GET / HTTP/1.1\r\n\r\n"),
      Buffer.alloc(5_000, 10),
    ]) {
      const answer = decodeResponse(await call(CHECK, bytes));
      expect(answer.deniedResponse?.status?.code).toBeGreaterThanOrEqual(400);
    }
    await raw(grpc, Buffer.from("GET / HTTP/1.1\r\nhost: x\r\n\r\n"));
    await raw(grpc, Buffer.alloc(100_000, 0xff));
    await expect(call("/envoy.service.auth.v3.Authorization/Other", signed())).rejects.toMatchObject({
      code: 12,
    });
    expect(decodeResponse(await call(CHECK, signed())).status?.code).toBe(0);
  });

  test("a call that is aborted half-way affects no other call", async () => {
    const { call, grpc } = await started();
    const session = connectHttp2(`http://${grpc}`);
    const stream = session.request({
      ":method": "POST",
      ":path": CHECK,
      "content-type": "application/grpc",
      te: "trailers",
    });
    stream.on("error", () => {});
    stream.write(Buffer.from([0, 0, 0, 1, 0, 1, 2]));
    await new Promise((resolve) => session.ping(resolve));
    session.destroy();
    expect(decodeResponse(await call(CHECK, signed())).status?.code).toBe(0);
  });
});

describe("the health service", () => {
  test("P25: reports NOT_SERVING until the verifier is ready, while checks get 503", async () => {
    let isReady = false;
    const { call } = await started({ isReady: () => isReady });
    expect(await call(HEALTH, Buffer.alloc(0))).toEqual(NOT_SERVING);
    expect(decodeResponse(await call(CHECK, signed())).deniedResponse?.status?.code).toBe(503);
    isReady = true;
    expect(await call(HEALTH, Buffer.alloc(0))).toEqual(SERVING);
  });

  test("knows the service that Envoy asks for, and no other", async () => {
    const { call } = await started();
    const service = (name: string) => Buffer.concat([Buffer.from([10, name.length]), Buffer.from(name)]);
    expect(await call(HEALTH, service("envoy.service.auth.v3.Authorization"))).toEqual(SERVING);
    await expect(call(HEALTH, service("other"))).rejects.toMatchObject({ code: 5 });
  });
});

describe("the metrics port", () => {
  test("counts decisions by code, and has a series at 0 for each code from the start", async () => {
    const { call, metrics } = await started();
    await call(CHECK, signed());
    await call(CHECK, encodeCheck({ method: "GET", path: "/orders", headers: { authorization: "x" } }));
    const text = await (await fetch(`http://${metrics}/metrics`)).text();
    expect(text).toContain('countersign_decisions_total{code="Allowed"} 1');
    expect(text).toContain('countersign_decisions_total{code="AuthorizationMalformed"} 1');
    expect(text).toContain('countersign_decisions_total{code="SignatureMismatch"} 0');
    expect(text).toContain("countersign_verifier_ready 1");
  });

  test("counts forms, open variants by Application, and near misses by the setting that would help", async () => {
    const open = application({ schemes: { Tencent: settings({ openVariants: ["RepeatedNames"] }) } });
    const { call, metrics } = await started({ caller: open });
    const first = decodeResponse(await call(CHECK, signed("/orders?a=1&a=2", "/orders?a=1")));
    expect(first.status?.code).toBe(0);
    expect(first.dynamicMetadata.fields.form?.stringValue).toContain("first-value");
    await call(CHECK, signed("/orders?a=b%2Bc", "/orders?a=b+c"));
    const text = await (await fetch(`http://${metrics}/metrics`)).text();
    expect(text).toMatch(/countersign_form_total\{form="[^"]*first-value[^"]*"\} 1/);
    expect(text).toContain(
      'countersign_open_variant_total{variant="RepeatedNames",application="team-shop/mobile-app"} 1',
    );
    expect(text).toContain('countersign_near_miss_total{setting="parameters: Decoded"} 1');
  });

  test("counts verified requests by scheme and Application", async () => {
    const caller = application({ schemes: { Tencent: settings(), AlibabaCA: settings() } });
    const { call, metrics } = await started({ caller });
    await call(CHECK, signed());
    await call(CHECK, signed("/orders", "/other"));
    const text = await (await fetch(`http://${metrics}/metrics`)).text();
    const line = (scheme: string, name: string, count: number) =>
      `countersign_scheme_total{scheme="${scheme}",application="${name}"} ${count}`;
    expect(text).toContain(line("Tencent", "team-shop/mobile-app", 1));
    expect(text).toContain(line("AlibabaCA", "other", 0));
    expect(text).not.toContain(line("AlibabaCA", "team-shop/mobile-app", 0));
  });

  test("counts what verified: the algorithm, and how far the caller's clock is away", async () => {
    const { call, metrics } = await started();
    await call(CHECK, signed());
    await call(CHECK, signed("/orders", "/other"));
    const text = await (await fetch(`http://${metrics}/metrics`)).text();
    expect(text).toContain('countersign_algorithm_total{algorithm="hmac-sha256"} 1');
    expect(text).toContain('countersign_algorithm_total{algorithm="hmac-sm3"} 0');
    expect(text).toContain('countersign_clock_skew_seconds_bucket{le="60"} 1');
    expect(text).toContain("countersign_clock_skew_seconds_count 1");
    expect(text).toContain("countersign_decision_duration_seconds_count 2");
  });

  test("P32: has no further series, whatever untrusted clients send", async () => {
    const { call, metrics } = await started();
    const count = async () => (await (await fetch(`http://${metrics}/metrics`)).text()).split("\n").length;
    const before = await count();
    for (let one = 0; one < 50; one++) {
      const authorization = `hmac id="unknown-${one}", algorithm="hmac-${one}", headers="x-date", signature="AAAA"`;
      await call(
        CHECK,
        encodeCheck({
          method: "GET",
          path: `/${one}`,
          host: `${one}.example.com`,
          headers: { authorization },
        }),
      );
    }
    expect(await count()).toBe(before);
  });

  test("answers probes, and nothing else", async () => {
    let isReady = true;
    const { metrics } = await started({ isReady: () => isReady });
    const status = async (path: string, method = "GET") =>
      (await fetch(`http://${metrics}${path}`, { method })).status;
    expect(
      await Promise.all([status("/healthz"), status("/readyz"), status("/"), status("/healthz", "POST")]),
    ).toEqual([200, 200, 404, 405]);
    isReady = false;
    expect(await Promise.all([status("/healthz"), status("/readyz")])).toEqual([200, 503]);
  });
});

test("a verifier that drains notifies the watchers of its health first, and then refuses connections", async () => {
  const { verifier, grpc, client } = await started();
  const watch = client.makeServerStreamRequest("/grpc.health.v1.Health/Watch", same, same, Buffer.alloc(0));
  const told: Buffer[] = [];
  watch.on("data", (status: Buffer) => told.push(status));
  watch.on("error", () => {});
  await new Promise((resolve) => watch.once("data", resolve));
  const ended = new Promise((resolve) => watch.on("end", resolve));
  await verifier.stop();
  await ended;
  expect(told).toEqual([SERVING, NOT_SERVING]);
  await expect(raw(grpc, Buffer.from("x"))).rejects.toThrow(/ECONNREFUSED/);
});

test("a verifier that drains is not ready for probes, and decides requests until its port closes", async () => {
  const drain = Promise.withResolvers<void>();
  const clock = { ...systemClock, sleep: () => drain.promise };
  const { verifier, metrics, call } = await started({ clock });
  const ready = async () => (await fetch(`http://${metrics}/readyz`)).status;
  expect(await ready()).toBe(200);
  const stopped = verifier.stop();
  try {
    expect(await ready()).toBe(503);
    expect(decodeResponse(await call(CHECK, signed())).status?.code).toBe(0);
  } finally {
    drain.resolve();
    await stopped;
  }
  await expect(ready()).rejects.toThrow();
});

/** Sends bytes on a connection of their own, and waits until the server has closed it. */
function raw(address: string, bytes: Buffer): Promise<void> {
  const [host, port] = address.split(":");
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host, () => socket.end(bytes));
    socket.on("data", () => {});
    socket.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNREFUSED" ? reject(error) : resolve(),
    );
    socket.on("close", () => resolve());
  });
}
