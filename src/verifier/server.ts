import { createServer, type Socket } from "node:net";
import type { Clock } from "../base/clock.ts";
import { Listener } from "../observe/listener.ts";
import type { TlsPort } from "./tls/port.ts";
import { Health } from "./transport/health.ts";
import { LOAD_TRANSPORT } from "./transport/loadTransport.ts";
import type { Handler, Transport, TransportName } from "./transport/transport.ts";

/** Room beside the body: headers, path, context. Above the limit the proxy gets an error, which it must treat as 503. */
const MESSAGE_ROOM = 131_072;

/** Calls that are under way when the port closes may end within this. */
const CLOSE_GRACE_MS = 5_000;

/** A drain that has begun is not cut short. */
const NEVER = new AbortController().signal;

export interface ServerOptions {
  /** `host:port`, or `unix:/path` for a Unix socket. */
  readonly listen: string;
  readonly transport: TransportName;
  readonly maxRequestBytes: number;
  /** How long the port stays open while health is NOT_SERVING, so that proxies go elsewhere first; milliseconds. */
  readonly drainMs: number;
}

/** The gRPC port: plaintext or mTLS connections, handed to a transport, with a health that follows readiness. */
export class VerifierServer {
  readonly #handler: Handler;
  readonly #health: Health;
  readonly #options: ServerOptions;
  readonly #tls: TlsPort | undefined;
  readonly #isReady: () => boolean;
  #transport: Transport | undefined;
  #listener: Listener | undefined;
  #isDraining = false;

  /** With `tls` the port is open to its clients only. */
  constructor(handler: Handler, isReady: () => boolean, options: ServerOptions, tls?: TlsPort) {
    this.#handler = handler;
    this.#options = options;
    this.#tls = tls;
    this.#isReady = isReady;
    this.#health = new Health(() => this.isServing());
  }

  /** Opens the port. Returns the address with the port that the system picked; throws ListenFailure. */
  async start(): Promise<string> {
    const { listen, transport: name, maxRequestBytes } = this.#options;
    const createTransport = await LOAD_TRANSPORT[name]();
    const transport = createTransport(this.#handler, this.#health, {
      maxMessageBytes: maxRequestBytes + MESSAGE_ROOM,
      maxConnectionAgeMs: this.#tls?.maxConnectionAgeMs ?? Number.POSITIVE_INFINITY,
    });
    this.#transport = transport;
    const accept = (socket: Socket) => transport.accept(socket);
    if (this.#tls) return await this.#tls.start(listen, accept);
    this.#listener = new Listener("gRPC", listen, createServer({ noDelay: true }, accept));
    return await this.#listener.open();
  }

  /** Takes no more connections. */
  close(): void {
    this.#tls?.close();
    this.#listener?.close();
  }

  /** Call it whenever readiness may have changed. */
  announce(): void {
    this.#health.announce();
  }

  /** Whether proxies should send requests here, which is the status of the health service: not while it drains. */
  isServing(): boolean {
    return this.#isReady() && !this.#isDraining;
  }

  /** Reports NOT_SERVING, waits, lets running calls end, closes. */
  async drain(clock: Clock): Promise<void> {
    this.#isDraining = true;
    this.#health.announce();
    await clock.sleep(this.#options.drainMs, NEVER);
    this.close();
    await this.#transport?.close(CLOSE_GRACE_MS);
  }
}
