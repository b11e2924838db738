import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { pino } from "pino";
import { verifierCommand } from "../../../../src/cli/commands/verifier/verifierCommand.ts";
import { openNonces } from "../../../../src/cli/shared/openNonces.ts";
import { temporaryFolder } from "../../../support/temporaryFolder.ts";

const logger = pino({ level: "silent" });
const endpoint = { host: "127.0.0.1", port: 1, isTls: true, database: 0 };
let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder("nonce-flags");
  await writeFile(join(folder, "password"), "secret\n");
  await mkdir(join(folder, "tls"));
  await writeFile(join(folder, "tls", "ca.crt"), "authority");
});

const open = (change: object) =>
  openNonces({ nonceStore: endpoint, nonceStoreTimeout: 10, ...change }, logger);

describe("the nonce store of a verifier", () => {
  test("is the memory of the process by default, which is available at once", async () => {
    const store = await open({ nonceStore: "memory" });
    expect([store.kind, store.isAvailable()]).toEqual(["memory", true]);
  });

  test("is a server with its password and certificates, which connects when it is started", async () => {
    const store = await open({
      nonceStorePasswordFile: join(folder, "password"),
      nonceStoreTlsDir: join(folder, "tls"),
    });
    expect([store.kind, store.isAvailable()]).toEqual(["redis", false]);
    await store.close();
  });

  test.each([
    ["the password", () => ({ nonceStorePasswordFile: join(folder, "missing") }), "missing"],
    ["the password, which is a folder", () => ({ nonceStorePasswordFile: folder }), "EISDIR"],
    ["the authority of the server", () => ({ nonceStoreTlsDir: folder }), "ca.crt"],
  ])("is an error with the file and the remedy if it cannot read %s", async (_, flags, text) => {
    const opened = open(flags());
    await expect(opened).rejects.toThrow(text);
    await expect(opened).rejects.toThrow("readable for this process");
  });
});

describe("the flags of a nonce store", () => {
  const parse = (...args: string[]) =>
    verifierCommand()
      .exitOverride()
      .configureOutput({ writeErr: () => undefined })
      .parseOptions(args);

  test("reject a password on the command line", () => {
    expect(() => parse("--nonce-store", "redis://a:b@valkey")).toThrow("--nonce-store-password-file");
  });

  test("reject what is no address", () => {
    expect(() => parse("--nonce-store", "valkey:6379")).toThrow("Write memory, or the address");
  });
});
