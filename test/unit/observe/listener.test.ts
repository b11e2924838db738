import { stat, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Listener } from "../../../src/observe/listener.ts";
import { listenReason } from "../../../src/observe/listenFailure.ts";
import { Program } from "../../support/childProcess.ts";
import { listen } from "../../support/ports.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

let folder: string;
const ends: (() => unknown)[] = [];
beforeEach(async () => {
  folder = await temporaryFolder("listener");
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A listener whose server greets; `addresses` are those of the host name. */
function listener(address: string, addresses?: readonly string[]): Listener {
  const server = createServer((socket) => socket.on("error", () => undefined).end("hello"));
  const made = addresses
    ? new Listener("gRPC", address, server, async () => addresses)
    : new Listener("gRPC", address, server);
  ends.push(() => made.close());
  return made;
}

/** What the server at the place sends, or the code of the error. */
function greeting(place: { readonly path: string } | { readonly host: string; readonly port: number }) {
  return new Promise<string>((resolve) => {
    const socket = connect(place);
    socket.on("data", (bytes) => resolve(bytes.toString()));
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""));
  });
}

const portOf = (address: string) => Number(address.split(":").at(-1));

describe("a listener on a port", () => {
  test("returns the address with the port that the system picked", async () => {
    const address = await listener("127.0.0.1:0").open();
    expect(address).toMatch(/^127\.0\.0\.1:[1-9]\d*$/);
    expect(await greeting({ host: "127.0.0.1", port: portOf(address) })).toBe("hello");
  });

  test("listens on every address of a host name, on the same port", async () => {
    const port = portOf(await listener("both.test:0", ["127.0.0.1", "127.0.0.2"]).open());
    for (const host of ["127.0.0.1", "127.0.0.2"]) expect(await greeting({ host, port })).toBe("hello");
  });

  test.each([[["192.0.2.1", "127.0.0.1"]], [["127.0.0.1", "192.0.2.1"]]])(
    "does without the address that this machine does not have, of %j",
    async (addresses) => {
      const port = portOf(await listener("both.test:0", addresses).open());
      expect(await greeting({ host: "127.0.0.1", port })).toBe("hello");
    },
  );

  test("fails, with nothing left open, where one of the addresses is taken", async () => {
    const other = createServer();
    await listen(other);
    ends.push(() => other.close());
    const port = (other.address() as { port: number }).port;
    await expect(listener(`both.test:${port}`, ["127.0.0.2", "127.0.0.1"]).open()).rejects.toThrow(
      `cannot listen on both.test:${port}: the address is already in use`,
    );
    expect(await greeting({ host: "127.0.0.2", port })).toBe("ECONNREFUSED");
  });

  test("fails where the machine has none of the addresses", async () => {
    await expect(listener("192.0.2.1:9001").open()).rejects.toThrow(
      "cannot listen on 192.0.2.1:9001: no network interface of this machine has this address",
    );
  });
});

describe("a listener on a Unix socket", () => {
  const path = () => join(folder, "socket");

  test("lets its user and group in, and leaves no file behind", async () => {
    const opened = listener(`unix:${path()}`);
    expect(await opened.open()).toBe(`unix:${path()}`);
    expect((await stat(path())).mode & 0o777).toBe(0o660);
    expect(await greeting({ path: path() })).toBe("hello");
    opened.close();
    await expect(stat(path())).rejects.toThrow("ENOENT");
  });

  test("takes the place of a process that was killed", async () => {
    const source = `require("net").createServer().listen(${JSON.stringify(path())}, () => console.log("up"))`;
    const program = new Program(process.execPath, ["-e", source]);
    await program.waitFor(/^up/m);
    await program.stop("SIGKILL");
    expect((await stat(path())).isSocket()).toBe(true);
    await listener(`unix:${path()}`).open();
    expect(await greeting({ path: path() })).toBe("hello");
  });

  test("does not take the place of a process that listens", async () => {
    await listener(`unix:${path()}`).open();
    await expect(listener(`unix:${path()}`).open()).rejects.toThrow("another process listens on this socket");
    expect(await greeting({ path: path() })).toBe("hello");
  });

  const places: Record<string, [string, string]> = {
    "a file": ["file", "the path exists and is not a socket"],
    "a directory": [".", "the path exists and is not a socket"],
    "a path in a directory that does not exist": ["none/socket", "the directory does not exist"],
    "a path below a file": ["file/socket", "a part of the path is not a directory"],
    "a path that is too long": ["a".repeat(108), "the path is longer than 107 bytes"],
  };
  test.each(Object.entries(places))("refuses %s, and removes nothing", async (_, [name, reason]) => {
    await writeFile(join(folder, "file"), "precious");
    const address = `unix:${join(folder, name)}`;
    await expect(listener(address).open()).rejects.toThrow(`cannot listen on ${address}: ${reason}`);
    expect((await stat(join(folder, "file"))).size).toBe(8);
  });
});

describe("the reason of a failure", () => {
  const reasons: Record<string, [address: string, code: string, reason: RegExp]> = {
    "a port below 1024 without the right": ["0.0.0.0:443", "EACCES", /^permission denied .*CAP_NET_BIND/],
    "a name without an address": ["none.test:1", "ENOTFOUND", /^the host name cannot be resolved$/],
    "a DNS server that does not reply": ["none.test:1", "EAI_AGAIN", /no DNS server replied$/],
    "IPv6 on a host without it": ["[::1]:1", "EAFNOSUPPORT", /does not support/],
    "a directory of somebody else": ["unix:/run/a", "EACCES", /^permission denied .*directory/],
    "a read-only file system": ["unix:/a", "EROFS", /^the file system is read-only$/],
    "a code that has no sentence": ["127.0.0.1:1", "EMFILE", /^the system reports EMFILE$/],
  };
  test.each(Object.entries(reasons))("is given for %s", (_, [address, code, reason]) => {
    expect(listenReason(address, code)).toMatch(reason);
  });
});
