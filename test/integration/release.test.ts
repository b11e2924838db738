import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { run } from "../parts/cache.ts";
import { Program } from "../support/childProcess.ts";
import { runHelm } from "../support/helm.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const { version, dependencies, devDependencies } = JSON.parse(
  await readFile(join(ROOT, "package.json"), "utf8"),
);
const FILES = [
  `countersign-${version}.tgz`,
  `countersign-chart-${version}.tgz`,
  `countersign-${version}.cdx.json`,
  "SHA256SUMS",
];

/** The checkout may have changes that are not committed, so that only a snapshot can be made of it. */
async function release(...args: readonly string[]) {
  const script = ["--disable-warning=ExperimentalWarning", join(ROOT, "scripts/release.ts"), ...args];
  const program = new Program(process.execPath, script, { name: "release", cwd: ROOT });
  return { status: await program.ended, printed: program.stdout, output: program.output };
}

describe("a release", () => {
  let folder: string;
  const file = (name: string) => readFile(join(folder, name));
  beforeAll(async () => {
    folder = await temporaryFolder("release");
    const { status, printed, output } = await release("--snapshot", "--output", folder);
    expect([status, output]).toEqual([0, expect.any(String)]);
    expect(printed).toBe(FILES.map((name) => `${join(folder, name)}\n`).join(""));
  }, 120_000);

  test("consists of the package, the chart, the list of packages, and the checksums of these", async () => {
    expect((await readdir(folder)).sort()).toEqual([...FILES].sort());
    const sums = FILES.slice(0, 3).map(async (name) => {
      const digest = createHash("sha256").update(await file(name));
      return `${digest.digest("hex")}  ${name}\n`;
    });
    expect((await file("SHA256SUMS")).toString()).toBe((await Promise.all(sums)).join(""));
  });

  test("has a package with the program, which prints its version", async () => {
    const unpacked = await temporaryFolder("package");
    await run("tar", ["-xzf", join(folder, FILES[0] ?? ""), "-C", unpacked]);
    const bundle = join(unpacked, "package/dist/countersign.mjs");
    expect(await run(process.execPath, [bundle, "version"])).toContain(`countersign ${version} `);
    expect(await run(process.execPath, [bundle, "standalone", "--help"])).toContain("--state-dir");
  });

  test("has a chart that Helm installs from, with the version of the program", async () => {
    const archive = join(folder, FILES[1] ?? "");
    expect(parse(await runHelm(["show", "chart", archive]))).toMatchObject({
      name: "countersign",
      version,
      appVersion: version,
    });
    const args = ["template", "countersign", archive, "--namespace", "countersign-system"];
    expect(await runHelm([...args, "--kube-version", "v1.36.3"])).toContain(`image: countersign:${version}`);
  });

  test("lists every package that the program contains, and none that only the tests use", async () => {
    const notices = await readFile(join(ROOT, "dist/THIRD-PARTY-NOTICES.txt"), "utf8");
    const contained = [...notices.matchAll(/^-{80}\n(\S+) (\d\S*) \(/gm)].map(
      ([, name, at]) => `${name}@${at}`,
    );
    const { components } = JSON.parse((await file(FILES[2] ?? "")).toString());
    const listed: readonly string[] = components.map((one: { "bom-ref": string }) => one["bom-ref"]);
    expect(contained.length).toBeGreaterThan(10);
    expect(contained.filter((ref) => !listed.includes(ref))).toEqual([]);
    const names = new Set(listed.map((ref) => ref.slice(0, ref.lastIndexOf("@"))));
    expect(Object.keys(dependencies).filter((name) => !names.has(name))).toEqual([]);
    expect(["jest", "typescript", "esbuild", "node"].filter((name) => names.has(name))).toEqual([]);
    expect(Object.keys(devDependencies)).toEqual(
      expect.arrayContaining(["jest", "typescript", "esbuild", "node"]),
    );
  });

  test("names no address to download from, and no path of this machine", async () => {
    const text = (await file(FILES[2] ?? "")).toString();
    expect(text.match(/https?:[^"]*/g)).toEqual(["http://cyclonedx.org/schema/bom-1.5.schema.json"]);
    expect(text).not.toMatch(/file:|"\/|[A-Z]:\\/);
    expect(text).not.toContain(ROOT);
  });

  test("is the same, byte for byte, when it is made again", async () => {
    const again = await temporaryFolder("release");
    await release("--snapshot", "--output", again);
    expect(await readFile(join(again, "SHA256SUMS"), "utf8")).toBe((await file("SHA256SUMS")).toString());
  }, 120_000);
});

describe("no file is made", () => {
  test("when a check fails; the message states the remedy", async () => {
    const folder = await temporaryFolder("release");
    await writeFile(join(folder, "countersign-0.0.1.tgz"), "");
    const { status, printed, output } = await release("--output", folder);
    expect([status, printed]).toEqual([1, ""]);
    expect(output).toContain(
      `release: ${folder} also has countersign-0.0.1.tgz: remove it, or choose another --output`,
    );
    expect(await readdir(folder)).toEqual(["countersign-0.0.1.tgz"]);
  });

  test("by --dry-run, which prints what would be made", async () => {
    const folder = await temporaryFolder("release");
    const { status, printed } = await release("--dry-run", "--snapshot", "--output", folder);
    expect([status, printed]).toEqual([0, FILES.map((name) => `${join(folder, name)}\n`).join("")]);
    expect(await readdir(folder)).toEqual([]);
  });

  test("by --help, and with arguments that it does not know", async () => {
    expect(await release("--help")).toMatchObject({
      status: 0,
      printed: expect.stringContaining("--dry-run"),
    });
    const wrong = await release("--dryrun");
    expect(wrong).toMatchObject({ status: 2, printed: "" });
    expect(wrong.output).toMatch(/release: Unknown option '--dryrun'.*; see npm run release -- --help/);
  });
});
