import { afterEach, expect, test } from "@jest/globals";
import { LOAD_TRANSPORT } from "../../../src/verifier/transport/loadTransport.ts";
import { TRANSPORTS, type TransportName } from "../../../src/verifier/transport/transport.ts";
import { findGrpcGoClient } from "../../parts/grpcGo.ts";
import { Program } from "../../support/childProcess.ts";
import { TransportHarness } from "../../transport/harness.ts";

let harness: TransportHarness;
afterEach(() => harness.stop());

/** What grpc-go calls the status of a compressed message: the row "gzip" of docs/decisions/0011-two-transports.md. */
const COMPRESSED: Readonly<Record<TransportName, string>> = {
  "grpc-js": "OK 9000",
  http2: "Unimplemented 0",
};

test.each(TRANSPORTS)("a client of grpc-go gets what it should from %s", async (transport) => {
  harness = new TransportHarness(await LOAD_TRANSPORT[transport]());
  await harness.start();
  const client = new Program(await findGrpcGoClient(), [`127.0.0.1:${harness.port}`], { name: "grpc-go" });
  const status = await client.ended;
  expect({ status, lines: client.output.trim().split("\n") }).toEqual({
    status: 0,
    lines: [
      "a call: OK 9",
      "a call of many frames: OK 9000",
      "a message over the limit: ResourceExhausted 0",
      "an unknown method: Unimplemented 0",
      `a compressed message: ${COMPRESSED[transport]}`,
      "1500 calls at once: 1500 answered",
      "health: OK SERVING",
      "health of another service: NotFound",
      "a watch of health: OK SERVING",
    ],
  });
});
