import type { Socket } from "node:net";
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import type { Health } from "../health.ts";
import {
  AGE_GRACE_MS,
  type CreateTransport,
  type Handler,
  type Transport,
  type TransportOptions,
} from "../transport.ts";
import { CallQueue } from "./callQueue.ts";
import { HealthStreams } from "./healthStreams.ts";
import { AUTHORIZATION, HEALTH } from "./services.ts";

/** The transport on @grpc/grpc-js. It speaks to proxies only, so reflection and channelz are off. */
class GrpcJsTransport implements Transport {
  readonly #server: Server;
  readonly #injector: ReturnType<Server["createConnectionInjector"]>;
  readonly #streams: HealthStreams;
  readonly #sockets = new Set<Socket>();
  #onEmpty: (() => void) | undefined;

  constructor(handler: Handler, health: Health, { maxMessageBytes, maxConnectionAgeMs }: TransportOptions) {
    const queue = new CallQueue(handler);
    this.#streams = new HealthStreams(health);
    this.#server = new Server({
      "grpc.enable_channelz": 0,
      "grpc.max_receive_message_length": maxMessageBytes,
      ...(Number.isFinite(maxConnectionAgeMs) ? { "grpc.max_connection_age_ms": maxConnectionAgeMs } : {}),
      "grpc.max_connection_age_grace_ms": AGE_GRACE_MS,
    });
    this.#server.addService(HEALTH, this.#streams.implementation);
    this.#server.addService(AUTHORIZATION, {
      Check: (call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) => queue.add(call, reply),
    });
    this.#injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
  }

  accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#onEmpty?.();
    });
    this.#injector.injectConnection(socket);
  }

  /** grpc-js 1.14.7 sends GOAWAY on injected connections, but does not wait for them, and its forceShutdown leaves them open. */
  async close(graceMs: number): Promise<void> {
    this.#streams.close();
    const force = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, graceMs);
    this.#server.tryShutdown(() => undefined);
    if (this.#sockets.size > 0)
      await new Promise<void>((resolve) => {
        this.#onEmpty = resolve;
      });
    clearTimeout(force);
  }
}

export const createGrpcJsTransport: CreateTransport = (handler, health, options) =>
  new GrpcJsTransport(handler, health, options);
