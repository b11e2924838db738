import { lstat, stat, unlink } from "node:fs/promises";
import { connect } from "node:net";
import { dirname } from "node:path";
import { MAX_SOCKET_PATH } from "./listenFailure.ts";

/** A path is not free for a socket. `code` is the code of a system error. */
class SocketPathTaken extends Error {
  override readonly name = "SocketPathTaken";
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/**
 * Frees a path for a Unix socket: removes the socket of a process that has ended, and no other file. Throws a system error, or
 * SocketPathTaken if the path is too long, is not a socket, or is the socket of a process that listens.
 */
export async function freeSocketPath(path: string): Promise<void> {
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH) throw new SocketPathTaken("ENAMETOOLONG");
  // libuv reports a missing directory as EACCES.
  await stat(dirname(path));
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  if (!found) return;
  if (!found.isSocket()) throw new SocketPathTaken("ENOTSOCK");
  if (await isListening(path)) throw new SocketPathTaken("EADDRINUSE");
  await unlink(path);
}

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNREFUSED" ? resolve(false) : reject(error),
    );
  });
}
