import { describe } from "@jest/globals";
import { createHttp2Transport } from "../../../../src/verifier/transport/http2/http2Transport.ts";
import { describeTransport } from "../../../transport/contract.ts";

describe("the transport on node:http2:", () => {
  describeTransport(createHttp2Transport, {
    get: { http: 405, grpc: undefined },
    grpcWeb: 415,
    gzip: 12,
    compressedWithoutEncoding: 13,
    handlesLateCalls: false,
  });
});
