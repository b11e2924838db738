import { describe } from "@jest/globals";
import { createGrpcJsTransport } from "../../../../../src/verifier/transport/grpcJs/grpcJsTransport.ts";
import { describeTransport } from "../../../../transport/contract.ts";

describe("the transport on grpc-js:", () => {
  describeTransport(createGrpcJsTransport, {
    get: { http: 200, grpc: 12 },
    grpcWeb: 200,
    gzip: 0,
    compressedWithoutEncoding: 0,
  });
});
