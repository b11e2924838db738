import { describe } from "@jest/globals";
import { createGrpcJsTransport } from "../../../../src/verifier/transport/grpcJs/grpcJsTransport.ts";
import { describeTransport } from "../../../transport/contract.ts";

describe("the transport on grpc-js:", () => {
  describeTransport(createGrpcJsTransport);
});
