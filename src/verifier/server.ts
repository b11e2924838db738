import { createServer, type Socket } from "node:net";
import {
  type Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
} from "@grpc/grpc-js";
import type { Clock } from "../base/clock.ts";
import { Listener } from "../observe/listener.ts";
import { AUTHORIZATION_SERVICE, HealthService } from "./health.ts";
import type { TlsPort } from "./tls/port.ts";

/** Room beside the body: headers, path, context. Above the limit the proxy gets an error, which it must treat as 503. */
const MESSAGE_ROOM = 131_072;

/** Calls under way on a connection that has reached its age may end within this; watches of health are cut off. */
const AGE_GRACE_MS = 30_000;

/** A drain that has begun is not cut short. */
const NEVER = new AbortController().signal;

const bytes = (value: Buffer) => value;
const AUTHORIZATION: ServiceDefinition = {
  Check: {
    path: `/${AUTHORIZATION_SERVICE}/Check`,
    requestStream: false,
    responseStream: false,
    requestSerialize: bytes,
    requestDeserialize: bytes,
    responseSerialize: bytes,
    responseDeserialize: bytes,
  },
};

/** Answers the bytes of one CheckRequest, until a deadline in epoch milliseconds. Never throws. */
export type Answerer = (bytes: Buffer, deadline: number, metadata: Metadata) => Buffer;

export interface ServerOptions {
  /** `host:port`, or `unix:/path` for a Unix socket. */
  readonly listen: string;
  readonly maxRequestBytes: number;
  /** How long NOT_SERVING is told before the port closes, so that proxies go elsewhere first; milliseconds. */
  readonly drainMs: number;
}

/** The gRPC server: ext_authz and health, on one port. It speaks to proxies only, so reflection and channelz are off. */
export class VerifierServer {
  readonly #server: Server;
  readonly #health: HealthService;
  readonly #options: ServerOptions;
  readonly #tls: TlsPort | undefined;
  #listener: Listener | undefined;
  readonly #isReady: () => boolean;
  #isDraining = false;

  /** With `tls` the port is open to its clients only. */
  constructor(answer: Answerer, isReady: () => boolean, options: ServerOptions, tls?: TlsPort) {
    this.#options = options;
    this.#tls = tls;
    this.#isReady = isReady;
    this.#health = new HealthService(() => this.isServing());
    this.#server = new Server({
      "grpc.enable_channelz": 0,
      "grpc.max_receive_message_length": options.maxRequestBytes + MESSAGE_ROOM,
      ...(tls ? { "grpc.max_connection_age_ms": tls.maxConnectionAgeMs } : {}),
      "grpc.max_connection_age_grace_ms": AGE_GRACE_MS,
    });
    this.#server.addService(HealthService.definition, this.#health.implementation);
    this.#server.addService(AUTHORIZATION, {
      Check: (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => {
        const deadline = call.getDeadline();
        const at = typeof deadline === "number" ? deadline : deadline.getTime();
        callback(null, answer(call.request, at, call.metadata));
      },
    });
  }

  /**
   * Opens the port. Returns the address with the port that the system picked; throws ListenFailure. grpc-js would bind the port itself,
   * but then reports a failure as text, and prints a line of its own.
   */
  async start(): Promise<string> {
    const { listen } = this.#options;
    const injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    const onConnection = (socket: Socket) => injector.injectConnection(socket);
    if (this.#tls) return await this.#tls.start(listen, onConnection);
    this.#listener = new Listener("gRPC", listen, createServer({ noDelay: true }, onConnection));
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

  /** Whether proxies should send requests here, which is what the health service says: not while it drains. */
  isServing(): boolean {
    return this.#isReady() && !this.#isDraining;
  }

  /** Says NOT_SERVING, waits, lets running calls end, closes. */
  async drain(clock: Clock): Promise<void> {
    this.#isDraining = true;
    this.#health.announce();
    await clock.sleep(this.#options.drainMs, NEVER);
    this.#health.close();
    this.close();
    const force = setTimeout(() => this.#server.forceShutdown(), 5_000);
    await new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()));
    clearTimeout(force);
  }
}
