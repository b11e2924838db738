import { heapForServing } from "../../src/cli/shared/heap/servingHeap.ts";
import { LoopbackVerifiers } from "../../test/support/loopbackVerifier.ts";
import { transportUnderTest } from "../../test/support/transport.ts";

/** A verifier in a process of its own, with the heap of one. Sends its port; on each message what memory it uses after a collection. */
const { grpc } = await new LoopbackVerifiers().started();
heapForServing(transportUnderTest());
process.on("message", () => {
  globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send?.({ rss, used: heapUsed + external });
});
process.send?.({ port: Number(grpc.split(":").pop()) });
