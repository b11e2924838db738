import { createClient } from "@redis/client";
import type { Secret } from "../../../api/secret.ts";
import type { RedisEndpoint } from "./endpoint.ts";

/** One connection to a server, from its handshake to its end. */
export interface RedisSession {
  /** Sends a command; commands of one turn of the event loop are written together. Rejects if the server replies with an error, or the connection ends. */
  send(command: readonly string[]): Promise<unknown>;
  /** Resolves when the connection has ended, with the reason. */
  readonly ended: Promise<Error>;
  /** Ends it at once; commands without a reply reject. */
  destroy(reason: Error): void;
}

/** What a connection needs that may change between two of them: a password, certificates. */
export interface RedisCredentials {
  readonly password?: Secret | undefined;
  readonly tls?: {
    /** PEM; undefined: the authorities of the system. */
    readonly authorities?: string | undefined;
    readonly certificate?: string | undefined;
    readonly key?: Secret | undefined;
  };
}

/** A connection attempt ends after this, in milliseconds. */
const CONNECT_TIMEOUT_MS = 2_000;

/** Connects, authenticates and selects the database. Rejects with the reason. */
export async function openSession(
  endpoint: RedisEndpoint,
  credentials: RedisCredentials,
): Promise<RedisSession> {
  const client = clientOf(endpoint, credentials);
  const { promise: ended, resolve: end } = Promise.withResolvers<Error>();
  client.on("error", (error: Error) => end(error));
  client.on("end", () => end(new Error("the server closed the connection")));
  const giveUp = setTimeout(() => client.destroy(), CONNECT_TIMEOUT_MS);
  try {
    await client.connect();
  } finally {
    clearTimeout(giveUp);
  }
  return {
    send: (command) => client.sendCommand([...command]),
    ended,
    destroy: (reason) => {
      end(reason);
      if (client.isOpen) client.destroy();
    },
  };
}

/**
 * Without the library's own reconnecting: it would keep the password and certificates of the first connection. RESP 2 and no client
 * information, so that an ACL user needs no right but those of the commands that are sent.
 */
function clientOf(endpoint: RedisEndpoint, { password, tls }: RedisCredentials) {
  const { host, port, username, database, isTls } = endpoint;
  const common = {
    host,
    port,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectStrategy: false,
    noDelay: true,
  } as const;
  const secured = {
    ...common,
    tls: true,
    ...(tls?.authorities === undefined ? {} : { ca: tls.authorities }),
    ...(tls?.certificate === undefined ? {} : { cert: tls.certificate }),
    ...(tls?.key === undefined ? {} : { key: tls.key.reveal() }),
  } as const;
  return createClient({
    RESP: 2,
    socket: isTls ? secured : common,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: "disabled",
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: password.reveal() }),
    ...(database === 0 ? {} : { database }),
  });
}
