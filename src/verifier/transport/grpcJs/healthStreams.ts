import {
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { type Health, healthResponse, type ServingStatus } from "../health.ts";

/** More watches than any mesh of proxies opens: an unauthenticated client cannot make this process hold more. */
const MAX_WATCHES = 1_000;

const TOO_MANY = { code: status.RESOURCE_EXHAUSTED, details: "too many watches" };

type Call = ServerUnaryCall<Buffer, Buffer>;
type Stream = ServerWritableStream<Buffer, Buffer>;

/** grpc.health.v1.Health on grpc-js: each watch gets a message whenever its status changes. */
export class HealthStreams {
  readonly #health: Health;
  readonly #sent = new Map<Stream, ServingStatus | undefined>();
  readonly #unsubscribe: () => void;

  constructor(health: Health) {
    this.#health = health;
    this.#unsubscribe = health.subscribe(() => {
      for (const [stream, sent] of this.#sent) this.#send(stream, sent);
    });
  }

  readonly implementation: UntypedServiceImplementation = {
    Check: (call: Call, callback: sendUnaryData<Buffer>) => {
      const found = this.#health.status(call.request);
      if (found) callback(null, healthResponse(found));
      else callback({ code: status.NOT_FOUND, details: "unknown service" });
    },
    Watch: (stream: Stream) => {
      if (this.#sent.size >= MAX_WATCHES) return void stream.emit("error", TOO_MANY);
      stream.on("cancelled", () => this.#sent.delete(stream));
      stream.on("error", () => this.#sent.delete(stream));
      this.#write(stream, this.#health.status(stream.request));
    },
  };

  /** Ends every watch, so that the server can close. */
  close(): void {
    this.#unsubscribe();
    for (const stream of this.#sent.keys()) stream.end();
    this.#sent.clear();
  }

  #send(stream: Stream, sent: ServingStatus | undefined): void {
    const found = this.#health.status(stream.request);
    if (found !== sent) this.#write(stream, found);
  }

  #write(stream: Stream, found: ServingStatus | undefined): void {
    this.#sent.set(stream, found);
    stream.write(healthResponse(found));
  }
}
