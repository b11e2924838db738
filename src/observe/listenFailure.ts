/** The listeners of a process. The commands have a flag for each. */
export type ListenerName = "gRPC" | "metrics" | "console";

/** A listener could not be opened. The message is one sentence without a remedy, which the caller adds. */
export class ListenFailure extends Error {
  override readonly name = "ListenFailure";
  readonly listener: ListenerName;

  /** `address` is the text of the command line, `reason` the part of the sentence after the colon. */
  constructor(listener: ListenerName, address: string, reason: string) {
    super(`cannot listen on ${address}: ${reason}`);
    this.listener = listener;
  }
}

/** Longest path of a Unix socket in bytes: sockaddr_un of Linux has 108, the last one is 0 (unix(7)). */
export const MAX_SOCKET_PATH = 107;

const TCP_REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "the address is already in use",
  EADDRNOTAVAIL: "no network interface of this machine has this address",
  EAFNOSUPPORT: "this machine does not support addresses of this kind",
  EACCES: "permission denied (ports below 1024 need the capability CAP_NET_BIND_SERVICE)",
  EPERM: "permission denied",
  ENOTFOUND: "the host name cannot be resolved",
  EAI_AGAIN: "the host name cannot be resolved, since no DNS server replied",
};

const NO_SOCKET = "permission denied (this user must be allowed to create a socket in the directory)";

const UNIX_REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: "another process listens on this socket",
  EACCES: NO_SOCKET,
  EPERM: NO_SOCKET,
  EROFS: "the file system is read-only",
  ENOENT: "the directory does not exist",
  ENOTDIR: "a part of the path is not a directory",
  ENOTSOCK: "the path exists and is not a socket",
  ENAMETOOLONG: `the path is longer than ${MAX_SOCKET_PATH} bytes`,
};

/** Why an address cannot be listened on, by the code of a system error. A code without a sentence is returned as it is. */
export function listenReason(address: string, code: string): string {
  const reasons = address.startsWith("unix:") ? UNIX_REASONS : TCP_REASONS;
  return reasons[code] ?? `the system reports ${code}`;
}
