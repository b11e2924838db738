import { type ClientHttp2Session, connect } from "node:http2";
import { CHECK, signed } from "../../test/support/loopbackVerifier.ts";
import { callWith, framed } from "../../test/transport/harness.ts";
import { threadCpuMs } from "../lab/processFigures.ts";

/** What a client saw that sends one signed Check after the other. */
export interface Seen {
  readonly answered: number;
  readonly failed: number;
  /** Between two replies, in milliseconds; 0.999 is the 99.9th percentile. */
  readonly longestGap: number;
  readonly gap999: number;
  /** The most CPU time of the verifier's thread between two replies, in milliseconds: how long it was busy with others. */
  readonly busiest: number;
}

/** Sends Checks for so long, on one connection, to the verifier that is this process. */
export async function steadyChecks(port: number, pid: number, ms: number): Promise<Seen> {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on("error", () => undefined);
  const message = framed(signed());
  const gaps: number[] = [];
  let failed = 0;
  let busiest = 0;
  await answer(session, message);
  let last = performance.now();
  let used = threadCpuMs(pid);
  for (const end = last + ms; last < end; ) {
    if (!(await answer(session, message))) failed++;
    const [now, usedNow] = [performance.now(), threadCpuMs(pid)];
    gaps.push(now - last);
    busiest = Math.max(busiest, usedNow - used);
    [last, used] = [now, usedNow];
  }
  session.destroy();
  gaps.sort((a, b) => a - b);
  return {
    answered: gaps.length - failed,
    failed,
    longestGap: gaps.at(-1) ?? 0,
    gap999: gaps[Math.floor(gaps.length * 0.999)] ?? 0,
    busiest,
  };
}

async function answer(session: ClientHttp2Session, message: Buffer): Promise<boolean> {
  return (await callWith(session, message, { ":path": CHECK })).grpc === 0;
}
