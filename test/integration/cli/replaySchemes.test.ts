import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { schemeNamed } from "../../../src/signing/scheme.ts";
import { countersign } from "../../support/cluster.ts";
import { applicationManifest, grantManifest, team } from "../../support/manifests.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

interface Fixture {
  readonly key: string;
  readonly secret: string;
  readonly captures: readonly {
    readonly id: string;
    readonly capturedAt: string;
    readonly raw: string;
    readonly open: readonly string[];
    /** Default: Auto. */
    readonly parameters?: string;
    /** Default: allow, with these settings. A request with deny is denied under any. */
    readonly expect?: "deny";
  }[];
}

const FILE = new URL("../../fixtures/signing/alibaba.json", import.meta.url);
const { key, secret, captures }: Fixture = JSON.parse(readFileSync(FILE, "utf8"));
const AT = new Date(captures[0]?.capturedAt ?? 0);
const { namespace, host, domain } = team("replay-schemes");
const { privateKey } = generateKeyPairSync("ed25519");
let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder("replay-schemes");
  await mkdir(join(folder, "yaml"));
});

/** Writes the tenant, whose Application has these settings and credentials. */
async function write(signing: object, credentials: object = {}): Promise<void> {
  const pair = {
    ...{ apiVersion: "v1", kind: "Secret", metadata: { name: "pair", namespace } },
    stringData: { ApiAppKey: key, ApiAppSecret: secret },
  };
  const application = applicationManifest("mobile-app", namespace, {
    ...{ signing, replayProtection: { mode: "WhenSent" } },
    credentials: { source: "Imported", importFrom: { name: "pair" }, ...credentials },
  });
  const items = [domain, application, grantManifest("partners", namespace, host, {}, "/"), pair];
  await writeFile(join(folder, "yaml/all.json"), JSON.stringify({ kind: "List", items }));
}

/** The code of each captured request, and the report. */
async function replay(lines: readonly object[]) {
  await writeFile(join(folder, "traffic.jsonl"), lines.map((one) => JSON.stringify(one)).join("\n"));
  const run = async (...args: string[]) => {
    const program = countersign(["replay", "traffic.jsonl", "--resources", "yaml", ...args], {}, folder);
    await program.ended;
    return program.stdout.trimEnd().split("\n");
  };
  const rows = await run("-o", "jsonl");
  return { codes: rows.map((row) => JSON.parse(row).code as string), report: await run() };
}

/** A request that a client of that gateway sent, as it would have been sent to our host. */
function captured({ raw, capturedAt }: Fixture["captures"][number]): object {
  const text = Buffer.from(raw, "base64").toString("latin1");
  const moved = text.replace(/\r\nhost:[^\r]*/i, "").replace("\r\n", `\r\nHost: ${host}\r\n`);
  return { time: capturedAt, raw: Buffer.from(moved, "latin1").toString("base64") };
}

interface Signing {
  readonly nonce?: string;
  readonly byPublicKey?: true;
  /** The path that is sent, where it is not the one that is signed. */
  readonly sent?: string;
}

/** A captured request with an HTTP message signature. */
function withMessageSignature({ nonce, byPublicKey, sent }: Signing): object {
  const private_ = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const pair = byPublicKey
    ? { keyId: "laptop", secret: private_, algorithm: "ed25519" }
    : { keyId: key, secret, algorithm: "hmac-sha256" };
  const { headers } = schemeNamed("HTTPMessageSignatures").sign(
    { method: "GET", path: "/orders", authority: host, headers: [], ...(nonce ? { nonce } : {}) },
    pair,
    AT,
  );
  const line = { method: "GET", target: sent ?? "/orders", headers: [["Host", host], ...headers] };
  return { time: AT.toISOString(), ...line };
}

describe("countersign replay of requests that clients of Alibaba Cloud API Gateway sent", () => {
  const lines = captures.map(captured);

  test("allows each once, except those that leave something unsigned, and names the settings that these need", async () => {
    await write({ schemes: ["AlibabaCA"] });
    const { codes, report } = await replay([...lines, ...lines]);
    const needsNothing = ({ open, parameters, expect: verdict }: Fixture["captures"][number]) =>
      open.length === 0 && parameters === undefined && verdict === undefined;
    const first = captures.map((one) => (needsNothing(one) ? "Allowed" : "SignatureMismatch"));
    const hasNonce = ({ raw }: Fixture["captures"][number]) =>
      /^x-ca-nonce:/im.test(Buffer.from(raw, "base64").toString("latin1"));
    const again = captures.map((one, at) =>
      first[at] === "Allowed" && hasNonce(one) ? "NonceRepeated" : first[at],
    );
    expect(again).toContain("NonceRepeated");
    expect(codes).toEqual([...first, ...again]);
    for (const setting of new Set(captures.flatMap(({ open }) => open)))
      expect(report.join("\n")).toMatch(new RegExp(`would be allowed with .*openVariants: .*${setting}`));
  });

  test("allows all with the settings that the report names", async () => {
    const openVariants = [...new Set(captures.flatMap(({ open }) => open))];
    for (const parameters of ["Auto", "Decoded"]) {
      await write({ schemes: ["AlibabaCA"], openVariants, parameters });
      const allowed = captures.filter(
        (one) => one.expect !== "deny" && (one.parameters ?? "Auto") === parameters,
      );
      expect(allowed.length).toBeGreaterThan(0);
      expect(new Set((await replay(allowed.map(captured))).codes)).toEqual(new Set(["Allowed"]));
    }
  });

  test("names the scheme if the Application does not allow it", async () => {
    await write({ schemes: ["Tencent"] });
    const { codes, report } = await replay(lines);
    expect(new Set(codes)).toEqual(new Set(["KeyUnknown"]));
    expect(report.join("\n")).toMatch(/would be allowed with .*schemes: \[?AlibabaCA/);
  });
});

describe("countersign replay of requests with HTTP message signatures", () => {
  test("allows each nonce once, and denies a request that was altered", async () => {
    const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString();
    const publicKeys = [{ keyId: "laptop", algorithm: "ed25519", publicKey }];
    await write({ schemes: ["HTTPMessageSignatures"] }, { publicKeys });
    const all: readonly Signing[] = [
      { nonce: "a" },
      { nonce: "a" },
      { nonce: "b" },
      {},
      {},
      { byPublicKey: true, nonce: "a" },
      { byPublicKey: true, nonce: "a" },
      { sent: "/orders/7" },
    ];
    expect((await replay(all.map(withMessageSignature))).codes).toEqual([
      ...["Allowed", "NonceRepeated", "Allowed", "Allowed", "Allowed"],
      ...["Allowed", "NonceRepeated", "SignatureMismatch"],
    ]);
  });
});
