import { writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { Program } from "../support/childProcess.ts";
import { eventually } from "../support/events.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder("launcher");
});

/** The launcher takes paths from the checkout's root. */
async function program(source: string): Promise<string> {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.mts`);
  await writeFile(file, source);
  return relative(ROOT, file);
}

const launch = async (source: string, args: readonly string[] = []) =>
  new Program(process.execPath, [join(ROOT, "scripts/run.mjs"), await program(source), ...args]);

/** Counts its SIGINTs and ends half a second after the first, so that a second one would be seen. */
const COUNTING = `
let count = 0;
process.on("SIGINT", () => {
  count += 1;
  if (count === 1) setTimeout(() => { console.log("interrupts: " + count); process.exit(7); }, 500);
});
setInterval(() => {}, 1000);
console.log("up");
`;

/** Runs a command on a terminal of its own, types Ctrl-C there once it prints "up", and ends with its exit status. */
const ON_A_TERMINAL = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
seen, typed = b"", False
while True:
    try:
        data = os.read(terminal, 1024)
    except OSError:
        break
    if not data:
        break
    seen += data
    if b"up" in seen and not typed:
        typed = True
        os.write(terminal, b"\\x03")
sys.stdout.write(seen.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

describe("the launcher", () => {
  test("passes on arguments, standard output and the exit status", async () => {
    const run = await launch("console.log(process.argv.slice(2).join('|')); process.exitCode = 3;", [
      "a b",
      "c",
    ]);
    expect(await run.ended).toBe(3);
    expect(run.stdout).toBe("a b|c\n");
  });

  test("has the exit status of the signal that ended the program", async () => {
    const run = await launch("process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);");
    expect(await run.ended).toBe(128 + 9);
  });

  test("passes on a signal that only it was sent", async () => {
    const run = await launch(
      "process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1000); console.log('up');",
    );
    await run.waitFor(/up/);
    expect(await run.stop("SIGTERM")).toBe(5);
  });

  test("lets a Ctrl-C on a terminal reach the program once", async () => {
    const command = [process.execPath, join(ROOT, "scripts/run.mjs"), await program(COUNTING)];
    const run = new Program("python3", ["-c", ON_A_TERMINAL, ...command]);
    expect([await run.ended, run.output]).toEqual([7, expect.stringContaining("interrupts: 1")]);
  });
});

test("what a test started is killed when the test's process is, even by SIGKILL", async () => {
  const support = join(ROOT, "test/support/childProcess.ts");
  const source = `
    import { Program } from ${JSON.stringify(support)};
    console.log("child", new Program("sleep", ["600"]).pid);
    setInterval(() => {}, 1000);
  `;
  const run = new Program(process.execPath, [join(ROOT, await program(source))]);
  const child = Number((await run.waitFor(/child (\d+)/))[1]);
  await run.stop("SIGKILL");
  await eventually(() => !isRunning(child));
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
