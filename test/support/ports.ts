import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A port of 127.0.0.1 that nothing else gets. */
interface HeldPort {
  readonly port: number;
  release(): void;
}

/**
 * Picks a port of 127.0.0.1 for a program that needs its port in advance, or that has to get the same one at each start. The port is
 * held until this process ends (two descriptors each).
 */
export async function reservePort(): Promise<number> {
  const { port } = await holdPort(0);
  return port;
}

/**
 * Holds a port; 0 lets the kernel pick one. One end of a connection of our own is bound to the port. Until `release`,
 *
 * - the kernel gives the port neither to a bind to port 0 nor to an outgoing connection, even if no other port is left;
 * - a program that gets the port can listen on it: our end does not listen, and Node, Go and Envoy set SO_REUSEADDR as it does;
 * - connections to it are refused while no program listens.
 *
 * This is how Linux treats SO_REUSEADDR. Rejects with EADDRINUSE while something listens on the port or an outgoing connection has it.
 * Two processes can hold the same port, so this is not a lock.
 */
export async function holdPort(localPort: number): Promise<HeldPort> {
  const peer = createServer();
  await listen(peer);
  const { port } = peer.address() as AddressInfo;
  const holder = connect({ host: "127.0.0.1", port, localAddress: "127.0.0.1", localPort });
  const accepted = new Promise<Socket>((resolve) =>
    peer.on("connection", (socket) =>
      socket.remotePort === holder.localPort ? resolve(socket) : socket.destroy(),
    ),
  );
  try {
    await new Promise<void>((resolve, reject) => holder.once("connect", resolve).once("error", reject));
    const otherEnd = await accepted;
    for (const socket of [holder, otherEnd]) socket.on("error", () => undefined).unref();
    return { port: holder.localPort as number, release: () => [otherEnd, holder].forEach(reset) };
  } finally {
    peer.close();
  }
}

/** Without TIME_WAIT, in which the port would stay for a minute. */
function reset(socket: Socket): void {
  socket.resetAndDestroy();
}

/** Opens a server on a port of 127.0.0.1 that the system picks. Rejects with the system's error. */
export async function listen(server: Server): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
}
