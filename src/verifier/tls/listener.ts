import { createServer, type Server, type TLSSocket } from "node:tls";
import { Listener } from "../../observe/listener.ts";
import type { Material } from "./material.ts";
import { isAllowed, namesIn } from "./names.ts";

/** An unauthenticated client that sends nothing holds a connection no longer than this. */
const HANDSHAKE_TIMEOUT_MS = 5_000;

/** More connections than any mesh of proxies opens to one process. */
const MAX_CONNECTIONS = 10_000;

const NO_H2 = "the client does not offer HTTP/2: Envoy's common_tls_context needs alpn_protocols: [h2]";

export interface ListenerOptions {
  /** `host:port`, or `unix:/path` for a Unix socket. */
  readonly listen: string;
  /** Names of clients that may ask, DNS names in lower case; `*` for all that the authorities vouch for. */
  readonly clientNames: readonly string[];
}

/** Why a connection was refused: no TLS, or no certificate of our authorities; or a certificate without an allowed name. */
const REFUSALS = ["handshake", "name"] as const;

export interface ListenerEvents {
  /** A client that may ask. */
  readonly onConnection: (socket: TLSSocket) => void;
  readonly onRefused: (reason: (typeof REFUSALS)[number], about: RefusedClient) => void;
}

/** For the log. The names are vouched for by our authorities; `reason` is OpenSSL's. */
export interface RefusedClient {
  readonly address: string;
  readonly names?: readonly string[];
  readonly reason?: string;
}

/**
 * A port that only known clients get through: TLS 1.2 or newer, a certificate of our authorities, and in it a name that
 * is allowed. Every other client is cut off before HTTP/2 begins, so no service behind it, health included, sees the connection.
 */
export class TlsListener {
  readonly #server: Server;
  readonly #options: ListenerOptions;
  readonly #listener: Listener;

  constructor(material: Material, options: ListenerOptions, events: ListenerEvents) {
    this.#options = options;
    this.#server = createServer({
      ...context(material),
      requestCert: true,
      rejectUnauthorized: true,
      ALPNProtocols: ["h2"],
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    });
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.on("secureConnection", (socket) => this.#admit(socket, events));
    this.#server.on("tlsClientError", (error, socket) => {
      events.onRefused("handshake", { address: addressOf(socket), reason: error.message.slice(0, 200) });
      socket.destroy();
    });
    this.#listener = new Listener("gRPC", options.listen, this.#server);
  }

  /** New connections use this from now on; those that are open stay. Tickets of earlier sessions are void. */
  use(material: Material): void {
    this.#server.setSecureContext(context(material));
  }

  /** Opens the port. Returns the address with the port that the system picked; throws ListenFailure. */
  async start(): Promise<string> {
    return await this.#listener.open();
  }

  /** Takes no more connections. */
  close(): void {
    this.#listener.close();
  }

  #admit(socket: TLSSocket, { onConnection, onRefused }: ListenerEvents): void {
    socket.on("error", () => {});
    const names = namesIn(socket.getPeerX509Certificate()?.subjectAltName);
    const isH2 = socket.alpnProtocol === "h2";
    if (socket.authorized && isH2 && isAllowed(names, this.#options.clientNames)) {
      onConnection(socket);
      return;
    }
    if (isH2) onRefused("name", { address: addressOf(socket), names: names.slice(0, 8) });
    else onRefused("handshake", { address: addressOf(socket), reason: NO_H2 });
    socket.destroy();
  }
}

function context(material: Material) {
  return {
    cert: material.certificate,
    key: material.key.reveal(),
    ca: material.authorities,
    minVersion: "TLSv1.2",
  } as const;
}

function addressOf({ remoteAddress }: TLSSocket): string {
  return remoteAddress ?? "unknown";
}
