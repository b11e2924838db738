import type {
  ServerUnaryCall,
  ServerWritableStream,
  ServiceDefinition,
  sendUnaryData,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { fieldsOf, varintField } from "./wire/protobuf.ts";

/** The service whose health is asked for; the empty name asks for the server as a whole. */
export const AUTHORIZATION_SERVICE = "envoy.service.auth.v3.Authorization";

const SERVING = 1;
const NOT_SERVING = 2;
const SERVICE_UNKNOWN = 3;

/** More streams than any mesh of proxies opens; a stranger cannot make us hold more. */
const MAX_WATCHERS = 1_000;

type Call = ServerUnaryCall<Buffer, Buffer>;
type Stream = ServerWritableStream<Buffer, Buffer>;

const bytes = (value: Buffer) => value;
const method = (name: string, responseStream: boolean) => ({
  path: `/grpc.health.v1.Health/${name}`,
  requestStream: false,
  responseStream,
  requestSerialize: bytes,
  requestDeserialize: bytes,
  responseSerialize: bytes,
  responseDeserialize: bytes,
});

/** grpc.health.v1.Health, answered by what `isServing` says at that moment, and told to watchers by `announce`. */
export class HealthService {
  static readonly definition: ServiceDefinition = {
    Check: method("Check", false),
    Watch: method("Watch", true),
  };
  readonly #watchers = new Map<Stream, number>();
  readonly #isServing: () => boolean;

  constructor(isServing: () => boolean) {
    this.#isServing = isServing;
  }

  readonly implementation: UntypedServiceImplementation = {
    Check: (call: Call, callback: sendUnaryData<Buffer>) => {
      const status = this.#status(call.request);
      if (status === SERVICE_UNKNOWN) callback({ code: 5, details: "unknown service" });
      else callback(null, varintField(1, status));
    },
    Watch: (call: Stream) => {
      if (this.#watchers.size >= MAX_WATCHERS) return void call.destroy();
      this.#tell(call, undefined);
      call.on("cancelled", () => this.#watchers.delete(call));
      call.on("error", () => this.#watchers.delete(call));
    },
  };

  /** Tells every watcher whose status is another than it was told last. */
  announce(): void {
    for (const [call, told] of this.#watchers) this.#tell(call, told);
  }

  /** Ends every watch, so that the server can close. */
  close(): void {
    for (const call of this.#watchers.keys()) call.end();
    this.#watchers.clear();
  }

  #tell(call: Stream, told: number | undefined): void {
    const status = this.#status(call.request);
    this.#watchers.set(call, status);
    if (status !== told) call.write(varintField(1, status));
  }

  #status(request: Buffer): number {
    const service = serviceOf(request);
    if (service !== "" && service !== AUTHORIZATION_SERVICE) return SERVICE_UNKNOWN;
    return this.#isServing() ? SERVING : NOT_SERVING;
  }
}

/** HealthCheckRequest{service 1}; bytes that are none ask for a service that nobody has. */
function serviceOf(request: Buffer): string {
  try {
    for (const field of fieldsOf(request))
      if (field.number === 1 && "bytes" in field) return field.bytes.toString("utf8");
    return "";
  } catch {
    return "malformed";
  }
}
