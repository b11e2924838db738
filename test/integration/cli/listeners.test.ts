import { mkdir, stat, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { countersign } from "../../support/cluster.ts";
import { kubeconfig } from "../../support/kubectl.ts";
import { Mtls } from "../../support/mtls.ts";
import { listen } from "../../support/ports.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

/** A port and a Unix socket that another process has. */
const [onPort, onPath] = [createServer(), createServer()];
let folder: string;
let mtls: Mtls;
let taken: string;

beforeAll(async () => {
  folder = await temporaryFolder("listeners");
  mtls = await Mtls.create();
  await mkdir(join(folder, "yaml"));
  await writeFile(join(folder, "file"), "precious");
  // Listeners are opened before the API server is asked for anything.
  await writeFile(join(folder, "kubeconfig"), kubeconfig("https://127.0.0.1:1", "none", "none"));
  await listen(onPort);
  taken = `127.0.0.1:${(onPort.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => onPath.listen(join(folder, "taken"), resolve));
});
afterAll(async () => {
  for (const server of [onPort, onPath]) server.close();
  await mtls?.remove();
});

/** Each command with a listener, and how its address is given. */
const anyMetrics = ["--metrics-listen", "127.0.0.1:0"];
const anyGrpc = ["--listen", "127.0.0.1:0"];
const standalone = ["standalone", "yaml", "--state-dir"];
const GRPC: Record<string, () => readonly string[]> = {
  verifier: () => ["verifier", ...anyMetrics],
  "verifier by mTLS": () => ["verifier", ...anyMetrics, ...mtls.verifierFlags],
  standalone: () => [...standalone, "plain", ...anyMetrics],
  "standalone by mTLS": () => [...standalone, "mtls", ...anyMetrics, ...mtls.verifierFlags],
};
const METRICS: Record<string, () => readonly string[]> = {
  verifier: () => ["verifier", ...anyGrpc],
  standalone: () => [...standalone, "metrics", ...anyGrpc],
  operator: () => ["operator"],
};

/** Runs the command to its end; returns its exit status and what it printed. */
async function outcome(args: readonly string[]): Promise<readonly [number | string, string]> {
  const program = countersign(args, { KUBECONFIG: join(folder, "kubeconfig") }, folder);
  return [await program.ended, program.output];
}

const TCP: Record<string, [address: () => string, reason: string]> = {
  "a port that is taken": [() => taken, "the address is already in use"],
  "an address of another machine": [
    () => "192.0.2.1:9001",
    "no network interface of this machine has this address",
  ],
};
const UNIX: Record<string, [address: () => string, reason: string]> = {
  "a socket of another process": [() => unix("taken"), "another process listens on this socket"],
  "a file that is not a socket": [() => unix("file"), "the path exists and is not a socket"],
  "a missing directory": [() => unix("none/socket"), "the directory does not exist"],
  "a path that is too long": [() => unix("a".repeat(108)), "the path is longer than 107 bytes"],
  "a directory where this user cannot make a socket": [
    () => "unix:/proc/countersign",
    "permission denied (this user must be allowed to create a socket in the directory)",
  ],
};
const unix = (name: string) => `unix:${join(folder, name)}`;

describe.each(Object.keys(GRPC))("the gRPC listener of %s", (command) => {
  test.each(Object.entries({ ...TCP, ...UNIX }))(
    "on %s ends it with status 1 and one sentence",
    async (_, [address, reason]) => {
      const args = GRPC[command]?.() ?? [];
      expect(await outcome([...args, "--listen", address()])).toEqual([
        1,
        `countersign: cannot listen on ${address()}: ${reason}; choose another address with --listen\n`,
      ]);
    },
  );
});

describe.each(Object.keys(METRICS))("the metrics listener of %s", (command) => {
  test.each(Object.entries(TCP))(
    "on %s ends it with status 1 and one sentence",
    async (_, [address, reason]) => {
      const args = METRICS[command]?.() ?? [];
      expect(await outcome([...args, "--metrics-listen", address()])).toEqual([
        1,
        `countersign: cannot listen on ${address()}: ${reason}; choose another address with --metrics-listen\n`,
      ]);
    },
  );
});

test("a listener that fails takes the socket of the other one with it, and a file in its way stays", async () => {
  const [status] = await outcome(["verifier", "--listen", unix("socket"), "--metrics-listen", taken]);
  expect(status).toBe(1);
  await expect(stat(join(folder, "socket"))).rejects.toThrow("ENOENT");
  expect((await stat(join(folder, "file"))).size).toBe(8);
});
