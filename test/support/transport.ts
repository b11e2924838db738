import { TRANSPORTS, type TransportName } from "../../src/verifier/transport/transport.ts";

/**
 * What speaks gRPC in the verifiers of this run. COUNTERSIGN_TRANSPORT names it, for those that a test makes in its own process, and
 * for every program that a test starts, which inherits the variable. Throws for any other name.
 */
export function transportUnderTest(): TransportName {
  const name = process.env.COUNTERSIGN_TRANSPORT ?? TRANSPORTS[0];
  const transport = TRANSPORTS.find((one) => one === name);
  if (!transport) throw new Error(`COUNTERSIGN_TRANSPORT is ${name}: set it to ${TRANSPORTS.join(" or ")}`);
  return transport;
}
