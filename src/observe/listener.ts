import { lookup } from "node:dns/promises";
import { chmod } from "node:fs/promises";
import { type AddressInfo, createServer, isIP, type ListenOptions, type Server } from "node:net";
import { addressText, parseAddress } from "../base/address.ts";
import { type ListenerName, ListenFailure, listenReason } from "./listenFailure.ts";
import { freeSocketPath } from "./unixSocket.ts";

const UNIX = "unix:";

/** The user and the group of a Unix socket may connect to it. */
const SOCKET_MODE = 0o660;

/** Error codes for an address that this machine does not have, such as the IPv6 address of `localhost` without IPv6. */
const NOT_HERE = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"]);

/** The IP addresses of a host name or IP address. Throws a system error. */
type Resolve = (host: string) => Promise<readonly string[]>;

/** Opens a Node server (TCP, TLS or HTTP) on an address from the command line. */
export class Listener {
  readonly #name: ListenerName;
  readonly #address: string;
  readonly #server: Server;
  readonly #resolve: Resolve;
  /** Servers for the further addresses of a host name. They pass their connections to the first server. */
  readonly #others: Server[] = [];

  /** `address` is `host:port`, with port 0 for a port that the system picks, or `unix:/path`. */
  constructor(name: ListenerName, address: string, server: Server, resolve: Resolve = resolveHost) {
    this.#name = name;
    this.#address = address;
    this.#server = server;
    this.#resolve = resolve;
  }

  /**
   * Listens on the path, or on every address that the host name has. Returns the address, with the port that the system picked. Throws
   * ListenFailure, with nothing left open.
   */
  async open(): Promise<string> {
    try {
      return this.#address.startsWith(UNIX) ? await this.#openPath() : await this.#openPort();
    } catch (error) {
      this.close();
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      throw new ListenFailure(this.#name, this.#address, listenReason(this.#address, code));
    }
  }

  /** Stops accepting connections. Open ones stay open. */
  close(): void {
    for (const server of [this.#server, ...this.#others]) server.close();
  }

  async #openPath(): Promise<string> {
    const path = this.#address.slice(UNIX.length);
    await freeSocketPath(path);
    await bind(this.#server, { path });
    await chmod(path, SOCKET_MODE);
    return this.#address;
  }

  async #openPort(): Promise<string> {
    const address = parseAddress(this.#address);
    if (!address) throw new RangeError(`not an address: ${this.#address}`);
    let { port } = address;
    let unavailable: unknown;
    let server: Server | undefined;
    for (const host of await this.#resolve(address.host)) {
      const next = server ? this.#another() : this.#server;
      try {
        await bind(next, { host, port });
        server = next;
        port = (server.address() as AddressInfo).port;
      } catch (error) {
        if (!NOT_HERE.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
        unavailable = error;
      }
    }
    if (!server) throw unavailable;
    return addressText({ ...address, port });
  }

  #another(): Server {
    const server = createServer({ noDelay: true }, (socket) => this.#server.emit("connection", socket));
    this.#others.push(server);
    return server;
  }
}

async function resolveHost(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

async function bind(server: Server, where: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(where, () => {
      server.off("error", reject);
      resolve();
    });
  });
  // A failed accept, for example without free file descriptors, loses only that connection.
  server.on("error", () => undefined);
}
