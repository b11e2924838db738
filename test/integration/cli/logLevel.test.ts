import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { LOG_LEVELS } from "../../../src/observe/logger.ts";
import { countersign } from "../../support/cluster.ts";
import { Mtls } from "../../support/mtls.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

let folder: string;
let mtls: Mtls;
beforeAll(async () => {
  folder = await temporaryFolder("log");
  mtls = await Mtls.create();
});
afterAll(async () => {
  await mtls.remove();
});

/** The levels of the lines that standalone logs until it has stopped; with mTLS one of them is `info`. */
async function logged(...args: string[]): Promise<readonly string[]> {
  const listen = ["--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0"];
  const program = countersign(["standalone", ".", ...listen, ...mtls.verifierFlags, ...args], {}, folder);
  await program.waitFor(/^ready +gRPC/m);
  expect(await program.stop()).toBe(0);
  return [...program.output.matchAll(/^\{"level":"(\w+)"/gm)].map(([, level = ""]) => level);
}

describe("the log level of standalone", () => {
  test("is warn by default", async () => {
    expect(await logged()).not.toContain("info");
  }, 30_000);

  const showsInfo = (level: string) => level === "debug" || level === "info";
  test.each(LOG_LEVELS)(
    "is %s with that --log-level",
    async (level) => {
      expect((await logged("--log-level", level)).includes("info")).toBe(showsInfo(level));
    },
    30_000,
  );
});
