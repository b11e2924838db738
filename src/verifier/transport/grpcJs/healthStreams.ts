import {
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { type Health, healthResponse } from "../health.ts";
import { keptRequest, Watches } from "../watches.ts";

const TOO_MANY = { code: status.RESOURCE_EXHAUSTED, details: "too many watches" };

type Call = ServerUnaryCall<Buffer, Buffer>;
type Stream = ServerWritableStream<Buffer, Buffer>;

/** grpc.health.v1.Health on grpc-js. */
export class HealthStreams {
  readonly #health: Health;
  readonly #watches: Watches;

  constructor(health: Health) {
    this.#health = health;
    this.#watches = new Watches(health);
  }

  readonly implementation: UntypedServiceImplementation = {
    Check: (call: Call, callback: sendUnaryData<Buffer>) => {
      const found = this.#health.status(call.request);
      if (found) callback(null, healthResponse(found));
      else callback({ code: status.NOT_FOUND, details: "unknown service" });
    },
    Watch: (stream: Stream) => {
      const watcher = {
        request: keptRequest(stream.request),
        send: (response: Buffer) => void stream.write(response),
        end: () => void stream.end(),
      };
      stream.on("cancelled", () => this.#watches.remove(watcher));
      stream.on("error", () => this.#watches.remove(watcher));
      if (!this.#watches.add(watcher)) stream.emit("error", TOO_MANY);
    },
  };

  /** Ends every watch, so that the server can close. */
  close(): void {
    this.#watches.close();
  }
}
