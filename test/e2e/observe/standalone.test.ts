import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Call, send } from "../../support/caller.ts";
import { startEnvoyFor } from "../../support/cluster.ts";
import type { EnvoyProcess } from "../../support/envoyProcess.ts";
import { eventually } from "../../support/events.ts";
import { type Shop, startShop } from "../../support/shop.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const TRACING = fileURLToPath(new URL("../../support/tracing.mjs", import.meta.url));
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

let folder: string;
let shop: Shop;
let envoy: EnvoyProcess;
let port: number;

beforeAll(async () => {
  folder = await temporaryFolder("eyes");
  const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ""} --import ${TRACING}`;
  shop = await startShop(65_536, { NODE_OPTIONS, COUNTERSIGN_SPANS: join(folder, "spans") });
  envoy = await startEnvoyFor([shop.verifierPort], shop.upstream.port);
  port = await envoy.listenerPort("in");
  await eventually(async () => (await call({ path: "/orders" })).status === 401);
}, 120_000);
afterAll(async () => {
  await envoy?.stop();
  await shop?.stop();
});

const call = (sent: Omit<Call, "port">) => send({ ...sent, port });

/** Sends a request and waits for Envoy's line on it, which comes after up to ten seconds. */
async function logged(sent: Omit<Call, "port">): Promise<Readonly<Record<string, unknown>>> {
  const { headers } = await call(sent);
  const id = headers.get("x-api-requestid") ?? "no request id";
  return await eventually(() => {
    const line = envoy.output.split("\n").find((one) => one.includes(id) && one.endsWith("}"));
    return line === undefined ? undefined : JSON.parse(line);
  });
}

interface Span {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly parent?: string;
  readonly trace: string;
}

async function spans(): Promise<readonly Span[]> {
  const text = await readFile(join(folder, "spans"), "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => (line.endsWith("}") ? [JSON.parse(line)] : []));
}

describe("Envoy's access log", () => {
  let lines: readonly Readonly<Record<string, unknown>>[];
  beforeAll(async () => {
    const { credentials } = shop;
    lines = await Promise.all([
      logged({ path: "/test/orders?token=hidden", credentials, signedPath: "/orders?token=hidden" }),
      logged({ path: "/orders?token=hidden", credentials }),
      logged({ path: "/orders", credentials: { ...credentials, secret: "another" } }),
      logged({ path: "/nothing", credentials }),
    ]);
  }, 60_000);

  test("shows who called, by which grant, and nothing of the query", () => {
    const [, line] = lines;
    expect(line).toMatchObject({
      method: "GET",
      host: "api.shop.example.com",
      path: "/orders",
      status: 200,
      application: "team-shop/mobile-app",
      application_id: expect.stringMatching(/^app-/),
      key_id: shop.credentials.key,
      environment: "release",
      api: "team-shop/orders",
      grant: "team-shop/partners",
      form: "documented",
    });
    expect(line).not.toHaveProperty("denial");
    expect(JSON.stringify(lines)).not.toContain("hidden");
  });

  test("shows the path as the caller wrote it", () => {
    expect(lines[0]?.path).toBe("/test/orders");
  });

  test("shows the code of a denial, and no caller before a signature was valid", () => {
    const [, , line] = lines;
    expect(line).toMatchObject({ status: 401, path: "/orders", denial: "SignatureMismatch" });
    expect(line).not.toHaveProperty("application");
    expect(line).not.toHaveProperty("key_id");
  });

  test("shows who was refused a well-signed request", () => {
    const [, , , line] = lines;
    expect(line).toMatchObject({ status: 403, denial: "NoApiMatch", application: "team-shop/mobile-app" });
  });
});

describe("with an OpenTelemetry SDK", () => {
  test("a Check is a span in the caller's trace, with what was decided and no key", async () => {
    const headers = { traceparent: `00-${TRACE}-${SPAN}-01` };
    expect((await call({ path: "/orders", credentials: shop.credentials, headers })).status).toBe(200);
    const span = await eventually(async () => (await spans()).find(({ trace }) => trace === TRACE));
    expect(span).toMatchObject({ name: "countersign.check", parent: SPAN });
    expect(span.attributes).toEqual({
      "countersign.code": "Allowed",
      "countersign.application": "team-shop/mobile-app",
      "countersign.form": "documented",
      "countersign.algorithm": "hmac-sha256",
      "countersign.environment": "release",
      "countersign.api": "team-shop/orders",
      "countersign.grant": "team-shop/partners",
    });
  });

  test("a reconcile is a span that names its object", async () => {
    const found = (await spans()).filter(({ name }) => name === "countersign.reconcile");
    const kinds = new Set(found.map(({ attributes }) => attributes["countersign.kind"]));
    expect(kinds).toEqual(new Set(["Application", "ApiGrant", "ApiDomain"]));
  });

  test("no span holds a key or a secret", async () => {
    const text = await readFile(join(folder, "spans"), "utf8");
    expect(text).not.toContain(shop.credentials.key);
    expect(text).not.toContain(shop.credentials.secret);
  });
});
