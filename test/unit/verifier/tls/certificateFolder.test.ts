import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type Clock, systemClock } from "../../../../src/base/clock.ts";
import { CertificateFolder } from "../../../../src/verifier/tls/certificateFolder.ts";
import type { Material } from "../../../../src/verifier/tls/material.ts";
import { Authority, type Content, type Issue, SecretFolder } from "../../../support/certificates.ts";
import { eventually } from "../../../support/events.ts";

let authority: Authority;
let mount: SecretFolder;
let folder: CertificateFolder;
/** Milliseconds by which the folder's clock is ahead. */
let ahead = 0;
const clock: Clock = {
  ...systemClock,
  wall: () => Date.now() + ahead,
  monotonic: () => performance.now() + ahead,
};

const issue = async (asked: Issue = {}): Promise<Content> => ({
  ...(await authority.issue(asked)),
  authorities: [authority.certificate],
});

/** Looks once; returns what was loaded or rejected. */
async function look(): Promise<readonly string[]> {
  const told: string[] = [];
  await folder.look({
    onLoaded: ({ names }: Material) => told.push(`loaded ${names}`),
    onRefused: (problem) => told.push(problem),
  });
  return told;
}

/** Looks until a problem has lasted. */
async function lookPatiently(): Promise<readonly string[]> {
  const first = await look();
  ahead += 2_000;
  return [...first, ...(await look())];
}

beforeAll(async () => {
  authority = await Authority.create();
});
beforeEach(async () => {
  ahead = 0;
  mount = await SecretFolder.create(await issue({ names: ["first.test"] }));
  folder = await CertificateFolder.open(mount.path, clock);
});
afterEach(() => mount.remove());

describe("a folder of certificates", () => {
  test("P36: takes what a replaced Secret holds, once", async () => {
    await mount.replace(await issue({ names: ["second.test"] }));
    expect(await look()).toEqual(["loaded second.test"]);
    expect(folder.material.names).toEqual(["second.test"]);
    expect(await look()).toEqual([]);
  });

  test("P36: loads files that are renamed into place one after the other, and logs nothing about the time between", async () => {
    const { certificate, key } = await issue({ names: ["second.test"] });
    const replace = async (name: string, text: string) => {
      await writeFile(join(mount.path, "new"), text);
      await rename(join(mount.path, "new"), join(mount.path, name));
    };
    await replace("tls.crt", certificate);
    expect(await look()).toEqual([]);
    expect(folder.material.names).toEqual(["first.test"]);
    await replace("tls.key", key);
    expect(await look()).toEqual(["loaded second.test"]);
  });

  test("P36: keeps the working files when new ones are invalid, and logs that once, with file and remedy", async () => {
    const before = folder.material;
    const { key } = await issue();
    await mount.replace({ ...(await issue()), key });
    const told = await lookPatiently();
    expect(told).toEqual([
      expect.stringMatching(/tls\.key does not belong to .*tls\.crt: write the two files/),
    ]);
    expect(await look()).toEqual([]);
    expect(folder.material).toBe(before);
    await mount.replace(await issue({ names: ["third.test"] }));
    expect(await look()).toEqual(["loaded third.test"]);
  });

  test("keeps what works when the files go", async () => {
    await rm(join(mount.path, "..data"));
    expect(await lookPatiently()).toEqual([expect.stringMatching(/cannot be read \(ENOENT\)/)]);
    expect(folder.material.names).toEqual(["first.test"]);
  });

  test("takes a certificate whose time has come, though it was refused before", async () => {
    await mount.replace(await issue({ names: ["later.test"], beginsIn: 60_000 }));
    expect(await lookPatiently()).toEqual([expect.stringMatching(/begins on/)]);
    ahead += 70_000;
    expect(await look()).toEqual(["loaded later.test"]);
  });

  test("is followed without being asked", async () => {
    const loaded: string[] = [];
    const unfollow = folder.follow({
      onLoaded: ({ names }) => loaded.push(...names),
      onRefused: () => {},
    });
    await mount.replace(await issue({ names: ["second.test"] }));
    await eventually(() => loaded.includes("second.test"));
    unfollow();
  });

  test("that cannot be used at the start is refused with a sentence", async () => {
    await expect(CertificateFolder.open(join(mount.path, "absent"), clock)).rejects.toThrow(
      /absent\/tls\.crt cannot be read \(ENOENT\): the folder must hold tls\.crt, tls\.key and ca\.crt/,
    );
    await mount.replace({ ...(await issue()), authorities: [] });
    await expect(CertificateFolder.open(mount.path, clock)).rejects.toThrow(/ca\.crt holds no certificate/);
  });
});
