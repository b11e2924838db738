import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { countersign } from "../../support/cluster.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

/** Writes the modules of Node that a process has loaded, when it ends. */
const PROBE = `process.on("exit", () =>
  require("node:fs").writeFileSync(process.env.LOADED, process.moduleLoadList.join("\\n")));`;

test("standalone serves HTTP without Node's own copy of undici, which takes 30 ms of a start", async () => {
  const folder = await temporaryFolder("modules");
  const [probe, loaded] = [join(folder, "probe.cjs"), join(folder, "loaded.txt")];
  await writeFile(probe, PROBE);
  const listen = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
  const variables = { LOADED: loaded, NODE_OPTIONS: `--require=${probe}` };
  const program = countersign(["standalone", ".", ...listen], variables, folder);
  await program.waitFor(/^ready +gRPC/m);
  expect(await program.stop()).toBe(0);
  const modules = (await readFile(loaded, "utf8")).split("\n");
  expect(modules).toContain("NativeModule http");
  expect(modules.filter((name) => name.includes("undici"))).toEqual([]);
}, 30_000);
