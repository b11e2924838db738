import type { CreateTransport, TransportName } from "./transport.ts";

/** Every implementation of the transport. A process loads the one that it needs: grpc-js takes 15 ms of a start. */
export const LOAD_TRANSPORT: Readonly<Record<TransportName, () => Promise<CreateTransport>>> = {
  "grpc-js": async () => (await import("./grpcJs/grpcJsTransport.ts")).createGrpcJsTransport,
  http2: async () => (await import("./http2/http2Transport.ts")).createHttp2Transport,
};
