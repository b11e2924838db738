import { type ChannelCredentials, Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import { createLogger } from "../../src/observe/logger.ts";
import type { TlsOptions } from "../../src/verifier/tls/port.ts";
import type { TransportName } from "../../src/verifier/transport/transport.ts";
import { Verifier } from "../../src/verifier/verifier.ts";
import { signedHeaders } from "./caller.ts";
import { application, domain, grant, stored } from "./documents.ts";
import { encodeCheck } from "./envoyProtos.ts";
import { transportUnderTest } from "./transport.ts";

export const CHECK = "/envoy.service.auth.v3.Authorization/Check";
export const HEALTH = "/grpc.health.v1.Health/Check";
export const SERVING = Buffer.from([8, 1]);
export const NOT_SERVING = Buffer.from([8, 2]);

const same = (value: Buffer) => value;

/** A Check of a request that the test documents grant. */
export function signed(path = "/orders", signedPath = path): Buffer {
  const credentialsOf = { key: "APIDmobile", secret: "mobile-secret-mobile-secret" };
  const sent = signedHeaders({ port: 0, path, signedPath, credentials: credentialsOf });
  return encodeCheck({
    method: "GET",
    path,
    host: "api.shop.example.com",
    protocol: "HTTP/1.1",
    headers: sent,
  });
}

interface Started {
  readonly isReady?: () => boolean;
  readonly caller?: ReturnType<typeof application>;
  readonly tls?: TlsOptions;
  readonly listen?: string;
  readonly clock?: Clock;
  readonly transport?: TransportName;
}

/** Verifiers in this process, on ports of loopback, over the test documents; and clients of their gRPC ports. */
export class LoopbackVerifiers {
  readonly #stops: (() => Promise<void> | void)[] = [];

  /** A verifier, and a client of its gRPC port that speaks plaintext. */
  readonly started = async (how: Started = {}) => {
    const { isReady = () => true, caller = application(), tls, listen, clock = systemClock } = how;
    const { transport = transportUnderTest() } = how;
    const verifier = new Verifier(
      {
        listen: listen ?? "127.0.0.1:0",
        metricsListen: "127.0.0.1:0",
        transport,
        maxRequestBytes: 10_000,
        keepAuthorization: false,
        drainMs: 0,
        errorDetail: "full",
        ...(tls ? { tls } : {}),
      },
      { logger: createLogger("silent"), isReady, staleness: () => 0, clock },
    );
    verifier.index.replace([caller, grant(), domain()].map((document) => stored(document)));
    const { grpc, metrics } = await verifier.start();
    this.#stops.push(() => verifier.stop());
    return { verifier, grpc, metrics, ...this.client(grpc) };
  };

  /** A client of its own connection. */
  client(grpc: string, how: ChannelCredentials = credentials.createInsecure(), options = {}) {
    const client = new Client(grpc, how, { "grpc.use_local_subchannel_pool": 1, ...options });
    this.#stops.push(() => client.close());
    const call = (method: string, request: Buffer, timeoutMs = 5_000) =>
      new Promise<Buffer>((resolve, reject) => {
        const done = (error: ServiceError | null, answer?: Buffer) =>
          error ? reject(error) : resolve(answer as Buffer);
        client.makeUnaryRequest(method, same, same, request, { deadline: Date.now() + timeoutMs }, done);
      });
    return { client, call };
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop();
  }
}
