import { setFlagsFromString } from "node:v8";
import type { TransportName } from "../../../verifier/transport/transport.ts";
import { limitNewSpace } from "./newSpace.ts";
import { trimHeap } from "./trimHeap.ts";

/**
 * V8's space for new objects while the transport http2 serves: it makes few objects that outlive a request. A collection in it visits
 * each page of the old space, which with 100,000 Applications takes longer than the rest of it: with 32 MiB instead of 8 a verifier takes
 * 9 % less CPU time for a GET, and standalone 8 % (12 and 20 rounds in turn, Node 24.21). With 10,000 it is 5 to 12 %, for a sixth
 * more memory. The old space is 40 MB with 10,000, and 120 with 100,000.
 */
const NEW_SPACE_OF_HTTP2 = { bytes: 8 * 1_048_576, large: 32 * 1_048_576, largeFrom: 105 * 1_048_576 };

/**
 * Makes V8 collect less garbage while a process starts, when most new objects stay and no request waits: it marks all at once, and
 * the space for new objects grows at once. Call it first. A later V8 that ignores the flags only needs more time.
 */
export function heapForStart(): void {
  setFlagsFromString("--no-incremental-marking");
  setFlagsFromString("--semi-space-growth-factor=16");
}

/**
 * Returns the memory that the start needed, and makes V8 collect all garbage seldom and in steps. Call it right before the process
 * serves. A later V8 that ignores a flag collects more often.
 * The old space may grow by half until V8 collects everything: its own choice is a tenth, after which small requests beside large
 * bodies had to wait twice in six seconds. And a process without requests collects nothing: V8 would do so twice, 8 s after the first
 * collection of the start, and stop standalone with 100,000 Applications for 0.3 s each time, whether requests come by then or not
 * (Node 24.21).
 * New objects all begin in the space for new objects: where those of one line of code outlive a few collections, V8 would make them in the
 * old space from then on, and whatever they refer to stays with them until it collects everything. Such are the streams of node:http2,
 * whose connections carry 32 calls at a time: where calls come in batches, a third of what each makes stayed, and the transport grpc-js took
 * 1.4 times the CPU time. Where they end one by one it is less: the Map that node:http2 has them in keeps much alive too.
 */
export function heapForServing(transport: TransportName): void {
  trimHeap();
  setFlagsFromString("--incremental-marking");
  if (transport === "http2") limitNewSpace(NEW_SPACE_OF_HTTP2);
  else setFlagsFromString("--semi-space-growth-factor=2");
  setFlagsFromString("--heap-growing-percent=50");
  setFlagsFromString("--memory-reducer-gc-count=0");
  setFlagsFromString("--no-allocation-site-pretenuring");
}
