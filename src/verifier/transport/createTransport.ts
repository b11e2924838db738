import { createGrpcJsTransport } from "./grpcJs/grpcJsTransport.ts";
import { createHttp2Transport } from "./http2/http2Transport.ts";
import type { CreateTransport, TransportName } from "./transport.ts";

/** Every implementation of the transport. */
export const CREATE_TRANSPORT: Readonly<Record<TransportName, CreateTransport>> = {
  "grpc-js": createGrpcJsTransport,
  http2: createHttp2Transport,
};
