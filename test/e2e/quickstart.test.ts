import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { Program } from "../support/childProcess.ts";
import { eventually } from "../support/events.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
let state: string;
beforeAll(async () => {
  state = await temporaryFolder("quickstart");
});

const quickstart = (...args: string[]) =>
  new Program("npm", ["run", "-s", "quickstart", "--", "--state-dir", state, ...args], {
    cwd: ROOT,
    name: "quickstart",
  });

/** Ids of all processes that a process started, and theirs. */
async function descendants(pid: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    const text = /^\d+$/.test(name) ? await readFile(`/proc/${name}/stat`, "utf8").catch(() => "") : "";
    const parent = /^\d+ \(.*\) \S (\d+)/s.exec(text)?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const found = [pid];
  for (const one of found) for (const [child, parent] of parents) if (parent === one) found.push(child);
  return found.slice(1);
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("npm run quickstart", () => {
  test("-- --once shows an allowed, a tampered and an ungranted request, and ends with 0", async () => {
    const program = quickstart("--once");
    expect([await program.ended, program.output]).toEqual([0, expect.any(String)]);
    expect(program.stdout).toMatch(/^Envoy \d+\.\d+\.\d+ +ready on 127\.0\.0\.1:\d+$/m);
    expect(program.stdout).toMatch(
      /^Application +team-shop\/mobile-app +Ready +app-\w{8} +key APID\w+ +secret: \S+\.yaml$/m,
    );
    expect(program.stdout).toMatch(/^ApiGrant +team-shop\/partners +Ready +release: orders/m);
    expect(program.stdout).toMatch(/^1 .* 200 +upstream saw x-countersign-application-id: app-\w{8}$/m);
    expect(program.stdout).toMatch(/^2 .* 401 +HMAC signature does not match, Server StringToSign:/m);
    expect(program.stdout).toMatch(/^3 .* 403 +HMAC apikey is invalid for API$/m);
    expect(program.stdout).toMatch(/^Paste this: {2}curl /m);
    const secret = await readFile(join(state, "credentials/team-shop/mobile-app-credentials.yaml"), "utf8");
    expect(program.output).not.toContain(/ApiAppSecret: (\S+)/.exec(secret)?.[1] ?? "none");
  }, 120_000);

  test("stays up for the pasted curl, and a second one ends with one sentence, and Ctrl-C ends every process that it started", async () => {
    const program = quickstart();
    await program.waitFor(/Ctrl-C ends everything/, 60_000);
    const [, url = ""] = /(http:\/\/127\.0\.0\.1:\d+)\/orders$/m.exec(program.stdout) ?? [];
    expect((await fetch(`${url}/orders`)).status).toBe(401);
    const second = quickstart("--once");
    expect([await second.ended, second.output]).toEqual([
      1,
      expect.stringMatching(
        /^quickstart: the state directory \S+ is in use by process \d+: end that one, .*\n$/,
      ),
    ]);
    const started = await descendants(program.pid);
    expect(started.length).toBeGreaterThanOrEqual(3);
    for (const pid of [program.pid, ...started]) if (isAlive(pid)) process.kill(pid, "SIGINT");
    expect(await program.ended).toBe(0);
    await eventually(() => !started.some(isAlive));
  }, 120_000);
});
