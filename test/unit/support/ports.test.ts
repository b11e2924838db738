import { readFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { Program } from "../../support/childProcess.ts";
import { lockMachine } from "../../support/machineLock.ts";
import { holdPort, listen, reservePort } from "../../support/ports.ts";

/** A socket state of /proc/net/tcp. */
const ESTABLISHED = "01";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A process of its own that listens on the port; resolves once it does. */
async function listenElsewhere(port: number): Promise<Program> {
  const source = `require("net").createServer().listen(${port}, "127.0.0.1", () => console.log("listening"))`;
  const program = new Program(process.execPath, ["-e", source]);
  stops.push(() => program.stop());
  await program.waitFor(/^listening/m);
  return program;
}

const connecting = (port: number) =>
  new Promise<string>((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve("connected")).on("error", (error) =>
      resolve((error as NodeJS.ErrnoException).code ?? ""),
    );
    stops.push(() => socket.destroy());
  });

describe("a reserved port", () => {
  test("can be listened on by the process that it is passed to, again after each restart", async () => {
    const port = await reservePort();
    for (const _ of [1, 2]) {
      const program = await listenElsewhere(port);
      expect(await connecting(port)).toBe("connected");
      await program.stop("SIGKILL");
    }
  });

  // Linux gives no port away that a socket was bound to, neither to a bind to port 0 nor to an outgoing connection. Checked by hand in a
  // network namespace of 400 ports (Linux 6.18): binds, and then connections, took the other ones until none was left.
  test("is bound by a socket of this process that does not listen", async () => {
    const port = await reservePort();
    const address = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
    const sockets = (await readFile("/proc/net/tcp", "utf8"))
      .split("\n")
      .map((line) => line.trim().split(/ +/));
    const states = sockets.filter(([, local]) => local === address).map(([, , , state]) => state);
    expect(states).toEqual([ESTABLISHED]);
  });

  test("refuses connections while no process listens on it", async () => {
    expect(await connecting(await reservePort())).toBe("ECONNREFUSED");
  });
});

describe("a port is not held", () => {
  test("while a process listens on it", async () => {
    const server = createServer();
    await listen(server);
    stops.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    await expect(holdPort(port)).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  test("while an outgoing connection has it", async () => {
    const server = createServer((socket) => stops.push(() => socket.destroy()));
    await listen(server);
    stops.push(() => server.close());
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    stops.push(() => socket.destroy());
    await new Promise((resolve) => socket.once("connect", resolve));
    await expect(holdPort(socket.localPort as number)).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  test("after its release", async () => {
    const { port, release } = await holdPort(0);
    release();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    stops.push(() => server.close());
    expect(await connecting(port)).toBe("connected");
  });
});

test("a machine's lock is had by one process at a time, and given back when that one is killed", async () => {
  const name = `test-${process.pid}`;
  const source = `require("net").createServer().listen("\\0countersign-${name}", () => console.log("locked"))`;
  const other = new Program(process.execPath, ["-e", source]);
  await other.waitFor(/^locked/m);
  await expect(lockMachine(name, 0)).rejects.toThrow("EADDRINUSE");
  await other.stop("SIGKILL");
  const unlock = await lockMachine(name, 0);
  await expect(lockMachine(name, 0)).rejects.toThrow("EADDRINUSE");
  await unlock();
  await (await lockMachine(name, 0))();
});
