import { chown, lstat, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "@jest/globals";
import type { Program } from "../support/childProcess.ts";
import { buildImage, type Image } from "../support/image.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const EXAMPLE = fileURLToPath(new URL("../../examples/quickstart", import.meta.url));
const UID = 65532;
let folder: string;
let state: string;
let image: Image;
let contents: readonly string[];
beforeAll(async () => {
  folder = await temporaryFolder("image");
  state = join(folder, "state");
  await mkdir(state, { mode: 0o700 });
  await chown(state, UID, UID);
  image = await buildImage(folder);
  contents = await readdir(image.root, { recursive: true });
}, 300_000);

const standalone = (): Promise<Program> =>
  image.run(
    [
      ...["standalone", "/resources", "--state-dir", "/state"],
      ...["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"],
    ],
    [
      [EXAMPLE, "/resources"],
      [state, "/state"],
    ],
  );

test("the image prints its version", async () => {
  const started = performance.now();
  const program = await image.run(["version"]);
  expect([await program.ended, program.stdout]).toEqual([0, expect.stringMatching(/^countersign \d/)]);
  process.stderr.write(`the image's version command took ${Math.round(performance.now() - started)} ms\n`);
});

test.each(["verifier", "standalone", "operator"])(
  "the %s is not compiled again: its compile cache is accepted, on a root that cannot be written",
  async (command) => {
    const program = await image.run([command, "--help"], [], { NODE_DEBUG_NATIVE: "COMPILE_CACHE" });
    expect(await program.ended).toBe(0);
    for (const file of ["countersign", `lib/${command}Command-\\w+`])
      expect(program.output).toMatch(
        new RegExp(`code cache for ESM file:///opt/countersign/${file}\\.mjs was accepted`),
      );
  },
);

test("without arguments the image prints its usage", async () => {
  const program = await image.run([]);
  expect([await program.ended, program.stdout]).toEqual([0, expect.stringContaining("Usage: countersign")]);
});

test("the image holds Node, its libraries, the program, its compile cache and the pages of its console, no shell and no package manager", async () => {
  const files = [];
  let size = 0;
  for (const name of contents) {
    const found = await lstat(join(image.root, name));
    size += found.isFile() ? found.size : 0;
    if (!found.isDirectory()) files.push(name);
  }
  process.stderr.write(`the image's files take ${Math.round(size / 1e6)} MB\n`);
  const pages = /^opt\/countersign\/console\/(?:index\.html|assets\/index-[\w-]+\.(?:js|css))$/;
  const [parts, cached] = [
    /^opt\/countersign\/lib\/[\w-]+\.mjs$/,
    /^(opt\/countersign\/compile-cache\/v[\w.-]+-65532)\/[0-9a-f]+$/,
  ];
  const others = [/\.so(?:\.\d+)*$|^etc\//, pages, parts, cached];
  const programs = files.filter((name) => !others.some((other) => other.test(name)));
  expect(files.filter((name) => parts.test(name))).not.toEqual([]);
  expect(new Set(files.flatMap((name) => cached.exec(name)?.[1] ?? [])).size).toBe(1);
  expect(programs.sort()).toEqual([
    "opt/countersign/LICENSE",
    "opt/countersign/THIRD-PARTY-NOTICES.txt",
    "opt/countersign/countersign.mjs",
    "usr/local/bin/node",
  ]);
});

test("standalone is not root, lives on a root that it cannot write, and keeps all it makes in its volume", async () => {
  const program = await standalone();
  const started = performance.now();
  const [, metrics] = await program.waitFor(/^ready .* metrics (\S+)/m);
  process.stderr.write(`standalone listened ${Math.round(performance.now() - started)} ms after its start\n`);
  expect(await readFile(`/proc/${program.pid}/status`, "utf8")).toMatch(
    new RegExp(`^Uid:\\s+${UID}\\s+${UID}\\s+${UID}\\s`, "m"),
  );
  const environment = (await readFile(`/proc/${program.pid}/environ`, "utf8")).split("\0");
  expect(environment).toEqual(
    expect.arrayContaining([
      "MALLOC_ARENA_MAX=1",
      "MALLOC_MMAP_THRESHOLD_=262144",
      "NODE_OPTIONS=--max-semi-space-size=16",
    ]),
  );
  await program.waitFor(/mobile-app +Ready/);
  expect((await fetch(`http://${metrics}/readyz`)).status).toBe(200);
  expect(await program.stop()).toBe(0);
  const [made] = await readdir(join(state, "credentials"));
  expect(made).toBeDefined();
  expect((await lstat(join(state, "credentials"))).uid).toBe(UID);
});
