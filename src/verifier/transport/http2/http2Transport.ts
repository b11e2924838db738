import type { Socket } from "node:net";
import { AUTHORIZATION_SERVICE } from "../../../api/envoy.ts";
import { type Clock, systemClock } from "../../../base/clock.ts";
import { type Health, healthResponse } from "../health.ts";
import type { Call, CreateTransport, Handler, Transport, TransportOptions } from "../transport.ts";
import { Watches } from "../watches.ts";
import { deadlineOf, refusalOf } from "./admission.ts";
import { BufferPool } from "./bufferPool.ts";
import { type Admitted, type CallContext, type Deliver, IncomingCall } from "./incomingCall.ts";
import { type Limits, limitsFor } from "./limits.ts";
import { OpenCalls } from "./openCalls.ts";
import { grpcRefusal, Refusal, STATUS } from "./refusal.ts";
import { Session, type SessionHost } from "./session.ts";
import { WatchStream } from "./watchStream.ts";
import type { HeaderBlock } from "./wire/hpack/headerBlock.ts";

const UNKNOWN_METHOD = grpcRefusal(STATUS.unimplemented, "unknown method");
const UNKNOWN_SERVICE = grpcRefusal(STATUS.notFound, "unknown service");
const TOO_LATE = grpcRefusal(STATUS.deadlineExceeded, "the deadline has passed");
const TOO_MANY_WATCHES = grpcRefusal(STATUS.resourceExhausted, "too many watches");

/** The transport on sockets of Node, with an HTTP/2 of its own. It knows unary calls with one request, and watches of health. */
export class Http2Transport implements Transport {
  readonly #options: TransportOptions;
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #calls: OpenCalls;
  readonly #pool = new BufferPool();
  readonly #watches: Watches;
  readonly #methods: ReadonlyMap<string | undefined, Deliver>;
  readonly #sessions = new Set<Session>();
  readonly #host: SessionHost;
  readonly #ticking: NodeJS.Timeout;
  #closed: (() => void) | undefined;

  constructor(
    handler: Handler,
    health: Health,
    options: TransportOptions,
    {
      limits = limitsFor(options.maxMessageBytes),
      clock = systemClock,
    }: { limits?: Limits; clock?: Clock } = {},
  ) {
    this.#options = options;
    this.#limits = limits;
    this.#clock = clock;
    this.#calls = new OpenCalls(limits);
    const context: CallContext = {
      maxMessageBytes: options.maxMessageBytes,
      pool: this.#pool,
      open: this.#calls,
    };
    this.#host = {
      limits,
      open: (streams, id, headers) =>
        new IncomingCall({ streams, id, headers }, context, this.#admit(headers)),
      closed: (session) => this.#ended(session),
    };
    this.#watches = new Watches(health);
    this.#methods = new Map<string, Deliver>([
      [`/${AUTHORIZATION_SERVICE}/Check`, (call, incoming) => this.#check(handler, call, incoming)],
      ["/grpc.health.v1.Health/Check", (call, incoming) => checkHealth(health, call, incoming)],
      ["/grpc.health.v1.Health/Watch", (call, incoming) => this.#watch(call, incoming)],
    ]);
    this.#ticking = setInterval(() => this.#tick(), limits.tickMs).unref();
  }

  accept(socket: Socket): void {
    if (this.#closed) {
      socket.destroy();
      return;
    }
    const session = new Session(socket, this.#host, this.#options.maxConnectionAgeMs);
    this.#sessions.add(session);
  }

  async close(graceMs: number): Promise<void> {
    clearInterval(this.#ticking);
    this.#watches.close();
    await new Promise<void>((resolve) => {
      this.#closed = resolve;
      if (this.#sessions.size === 0) resolve();
      for (const session of this.#sessions) session.drain(graceMs);
    });
  }

  #ended(session: Session): void {
    this.#sessions.delete(session);
    if (this.#sessions.size === 0) this.#closed?.();
  }

  #tick(): void {
    this.#pool.trim();
    this.#calls.sweep(this.#clock.wall(), this.#limits.callTicks);
    for (const session of this.#sessions) session.tick();
  }

  #admit(headers: HeaderBlock): Refusal | Admitted {
    const refusal = refusalOf(headers);
    if (refusal) return refusal;
    const deliver = this.#methods.get(headers.get(":path"));
    if (!deliver) return UNKNOWN_METHOD;
    const deadline = deadlineOf(headers, this.#clock.wall);
    return deadline instanceof Refusal ? deadline : { deadline, deliver };
  }

  /** The client of a call that is late has stopped waiting, so a decision would cost time that others need. */
  #check(handler: Handler, call: Call, incoming: IncomingCall): void {
    const isLate = call.deadline !== Number.POSITIVE_INFINITY && call.deadline <= this.#clock.wall();
    if (isLate) {
      incoming.refuse(TOO_LATE);
      return;
    }
    const answer = handler(call);
    if (answer instanceof Promise) {
      incoming.defer();
      void answer.then((late) => incoming.reply(late));
    } else incoming.reply(answer);
  }

  #watch({ message }: Call, incoming: IncomingCall): void {
    const watch = new WatchStream(message, incoming, this.#limits.maxUnreadChanges);
    incoming.keep();
    if (!this.#watches.add(watch)) incoming.refuse(TOO_MANY_WATCHES);
    else incoming.onEnd = () => this.#watches.remove(watch);
  }
}

function checkHealth(health: Health, { message }: Call, incoming: IncomingCall): void {
  const status = health.status(message);
  if (status) incoming.reply(healthResponse(status));
  else incoming.refuse(UNKNOWN_SERVICE);
}

export const createHttp2Transport: CreateTransport = (handler, health, options) =>
  new Http2Transport(handler, health, options);
