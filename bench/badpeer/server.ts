import { LoopbackVerifiers } from "../../test/support/loopbackVerifier.ts";

/** A verifier in a process of its own. Sends its port; on each message what memory it uses after a collection. */
const { grpc } = await new LoopbackVerifiers().started();
process.on("message", () => {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ rss, used: heapUsed + external });
});
process.send?.({ port: Number(grpc.split(":").pop()) });
