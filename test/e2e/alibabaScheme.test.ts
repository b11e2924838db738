import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type BothShapes, type HeaderShape, SHAPES, startBothShapes } from "../support/bothShapes.ts";
import { countersignOutput } from "../support/cluster.ts";
import { applicationManifest, team } from "../support/manifests.ts";
import { sendRaw } from "../support/rawHttp.ts";

const { namespace, host, domain, grant } = team("alibaba");
const PATH = "/orders?b=2&a=1";

let served: BothShapes;
let signed: readonly (readonly [string, string])[];

beforeAll(async () => {
  const signing = { schemes: ["Tencent", "AlibabaCA"] };
  const application = applicationManifest("mobile-app", namespace, { signing });
  served = await startBothShapes(namespace, [domain, application, grant]);
  signed = await signedHeaders("AlibabaCA");
}, 120_000);

afterAll(() => served?.stop());

/** What `countersign sign` adds to a GET of PATH. */
async function signedHeaders(scheme: string): Promise<readonly (readonly [string, string])[]> {
  const { folder, pair } = served;
  await writeFile(join(folder, "secret.txt"), pair.secret);
  const flags = ["sign", "--scheme", scheme, "-o", "json", "--key-id", pair.key];
  const printed = await countersignOutput([
    ...flags,
    ...["--secret-file", join(folder, "secret.txt"), `https://${host}${PATH}`],
  ]);
  return Object.entries(JSON.parse(printed) as Record<string, string>);
}

async function send(
  shape: HeaderShape,
  headers: readonly (readonly [string, string])[],
  path = PATH,
): Promise<{ readonly status: number; readonly head: string }> {
  const lines = [["Host", host], ...headers, ["Connection", "close"]];
  const head = [`GET ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`), "", ""];
  return await sendRaw(await served.envoys[shape].listenerPort("in"), Buffer.from(head.join("\r\n")));
}

describe.each(SHAPES)("an AlibabaCA signature through Envoy with %s headers", (shape) => {
  test("passes, and reaches the upstream once", async () => {
    const seen = served.upstream.seen.length;
    expect((await send(shape, signed)).status).toBe(200);
    expect(served.upstream.seen.length - seen).toBe(1);
  });

  test("denies its altered twin, in the words of that gateway", async () => {
    const { status, head } = await send(shape, signed, "/orders?b=2&a=2");
    expect(status).toBe(401);
    expect(head).toMatch(/^x-ca-error-message: Invalid Signature/im);
    expect(head).toMatch(/^x-ca-request-id: \S+/im);
  });

  test("is denied beside one of another scheme", async () => {
    const both = [...signed, ...(await signedHeaders("Tencent"))];
    expect((await send(shape, both)).status).toBe(400);
  });
});
