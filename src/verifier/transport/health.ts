import { AUTHORIZATION_SERVICE } from "../../api/envoy.ts";
import { Cursor } from "../../base/protobufCursor.ts";
import { varintField } from "../wire/protobuf.ts";

/** grpc.health.v1.HealthCheckResponse.ServingStatus, for a service that there is. */
export type ServingStatus = "SERVING" | "NOT_SERVING";

const NUMBERS: Readonly<Record<ServingStatus, number>> = { SERVING: 1, NOT_SERVING: 2 };
/** For Watch, where an unknown service is a status; for Check it is the error NOT_FOUND. */
const SERVICE_UNKNOWN = 3;

/** What grpc.health.v1.Health reports, whatever the transport: the status at this moment, and its changes. */
export class Health {
  readonly #isServing: () => boolean;
  readonly #subscribers = new Set<() => void>();

  constructor(isServing: () => boolean) {
    this.#isServing = isServing;
  }

  /** Call it whenever readiness may have changed. */
  announce(): void {
    for (const changed of [...this.#subscribers]) changed();
  }

  /** Calls `changed` at each announcement until the returned function is called. */
  subscribe(changed: () => void): () => void {
    this.#subscribers.add(changed);
    return () => this.#subscribers.delete(changed);
  }

  /** Of the service that a HealthCheckRequest names; undefined for one that there is not. */
  status(request: Buffer): ServingStatus | undefined {
    const service = serviceOf(request);
    if (service !== "" && service !== AUTHORIZATION_SERVICE) return undefined;
    return this.#isServing() ? "SERVING" : "NOT_SERVING";
  }
}

/** A HealthCheckResponse. */
export function healthResponse(status: ServingStatus | undefined): Buffer {
  return Buffer.from(varintField(1, status === undefined ? SERVICE_UNKNOWN : NUMBERS[status]), "latin1");
}

/** HealthCheckRequest{service 1}; malformed bytes ask for a service that there is not. */
function serviceOf(request: Buffer): string {
  try {
    const cursor = new Cursor(request);
    while (cursor.next())
      if (cursor.field === 1 && cursor.hasLength) return request.toString("utf8", cursor.start, cursor.end);
    return "";
  } catch {
    return "malformed";
  }
}
