/** A Valkey or Redis server. */
export interface RedisEndpoint {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  /** Of an ACL user; undefined is the user `default`. */
  readonly username?: string;
  /** The number of the database. */
  readonly database: number;
}

export type ParsedEndpoint =
  | { readonly ok: true; readonly endpoint: RedisEndpoint }
  | { readonly ok: false; readonly remedy: string };

const EXAMPLE = "rediss://countersign@valkey.example.internal:6379/0";
const DEFAULT_PORT = 6_379;

/**
 * Parses `redis://[user@]host[:port][/database]`, or `rediss://…` for TLS. A password in it is rejected, since every user of a machine can
 * read the arguments of a process. The remedy quotes nothing of the text.
 */
export function parseEndpoint(text: string): ParsedEndpoint {
  const url = URL.parse(text);
  if (!url || !["redis:", "rediss:"].includes(url.protocol) || url.hostname === "")
    return { ok: false, remedy: `Write memory, or the address of a server, for example ${EXAMPLE}.` };
  if (url.password !== "")
    return {
      ok: false,
      remedy: "Remove the password from the address, and put it into --nonce-store-password-file.",
    };
  if (url.search !== "" || url.hash !== "" || !/^(\/(\d{1,4})?)?$/.test(url.pathname))
    return { ok: false, remedy: `Write at most the number of a database after the port: ${EXAMPLE}.` };
  return {
    ok: true,
    endpoint: {
      host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: url.port === "" ? DEFAULT_PORT : Number(url.port),
      isTls: url.protocol === "rediss:",
      ...(url.username === "" ? {} : { username: decodeURIComponent(url.username) }),
      database: Number(url.pathname.slice(1) || 0),
    },
  };
}

/** The endpoint for logs: without user and password. */
export function endpointText({ host, port, isTls }: RedisEndpoint): string {
  return `${isTls ? "rediss" : "redis"}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
