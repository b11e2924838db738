import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { goSources } from "../../bench/lab/goPrograms.ts";
import { type Load, runLoad, writeFrames } from "../../bench/lab/load.ts";
import { figuresOf, processTree } from "../../bench/lab/processFigures.ts";
import {
  checkFrame,
  type RequestKind,
  type RequestOptions,
  signedRequest,
} from "../../bench/lab/requests.ts";
import { type ServerUnderTest, startReference } from "../../bench/lab/servers.ts";
import { members } from "../../bench/lab/world.ts";
import { run } from "../parts/cache.ts";
import { Program } from "../support/childProcess.ts";
import { eventually } from "../support/events.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const ANY_CORE = { server: undefined, load: undefined };
const CALLERS = 5;

let folder: string;
let reference: ServerUnderTest;
beforeAll(async () => {
  folder = await temporaryFolder("bench");
  reference = await startReference(ANY_CORE, folder, CALLERS);
}, 120_000);
afterAll(() => reference?.stop());

/** Sends requests of this kind to the reference. */
async function sent(kind: RequestKind, options: RequestOptions, load: Partial<Load>) {
  const frames = members(CALLERS).map((caller) => checkFrame(signedRequest(kind, caller, options)));
  const file = await writeFrames(folder, `${kind} ${options.fault ?? ""}`, frames);
  const common = {
    target: reference.target,
    frames: file,
    seconds: 0.3,
    warmupSeconds: 0.1,
    connections: 2,
    streams: 2,
  };
  return await runLoad({ ...common, ...load }, ANY_CORE);
}

test("the load generator passes its own tests", async () => {
  await expect(run("go", ["test", "./..."], { cwd: goSources("load") })).resolves.toContain("ok");
}, 120_000);

describe("the reference allows", () => {
  test.each(["GET", "POST 1 KiB JSON", "POST form", "POST 1 MiB JSON"] as const)("%s", async (kind) => {
    const result = await sent(kind, {}, { pids: reference.pids });
    expect(result).toMatchObject({ wrong: 0 });
    expect(result.answered).toBeGreaterThan(0);
  });
});

describe("the reference denies", () => {
  test.each(["unknown key", "wrong signature"] as const)("%s", async (fault) => {
    const result = await sent("POST form", { fault }, { expectsDenials: true });
    expect(result.answered).toBeGreaterThan(0);
  });
});

test("a verdict that is not the expected one fails the measurement", async () => {
  await expect(sent("GET", { fault: "wrong signature" }, {})).rejects.toThrow("not the expected verdict");
});

test("an open loop sends every call that is due in its window, and no other", async () => {
  expect(await sent("GET", {}, { rate: 500, seconds: 0.4 })).toMatchObject({ answered: 200, unanswered: 0 });
});

describe("npm run bench", () => {
  const bench = (...args: readonly string[]) => new Program("node", ["scripts/bench.mjs", ...args]);

  test("prints its help on standard output", async () => {
    const program = bench("--help");
    expect(await program.ended).toBe(0);
    expect(program.stdout).toContain("Usage: npm run bench");
  });

  test("ends with status 2 on an unknown part", async () => {
    const program = bench("chekc");
    expect(await program.ended).toBe(2);
    expect(program.output).toContain("There is no part chekc");
  });

  test("ends everything that it started when it is interrupted", async () => {
    const program = bench("refusals", "--quick");
    await program.waitFor(/refusals: good, unknown key/, 60_000);
    const pids = processTree(program.pid);
    expect(pids.length).toBeGreaterThan(4);
    expect(await program.stop("SIGINT")).toBe(130);
    // The system needs a moment to remove a process that was killed.
    await eventually(() => figuresOf(pids).rssMiB === 0);
  });
});
