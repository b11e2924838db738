import { type ClientHttp2Session, connect } from "node:http2";
import { CHECK, signed } from "../../test/support/loopbackVerifier.ts";
import { callWith, framed } from "../../test/transport/harness.ts";

/** What a client saw that sends one signed Check after the other. */
export interface Seen {
  readonly answered: number;
  readonly failed: number;
  /** Between two replies, in milliseconds; 0.999 is the 99.9th percentile. */
  readonly longestGap: number;
  readonly gap999: number;
}

/** Sends Checks for so long, on one connection. */
export async function steadyChecks(port: number, ms: number): Promise<Seen> {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on("error", () => undefined);
  const message = framed(signed());
  const gaps: number[] = [];
  let failed = 0;
  await answer(session, message);
  let last = performance.now();
  for (const end = last + ms; last < end; ) {
    if (!(await answer(session, message))) failed++;
    const now = performance.now();
    gaps.push(now - last);
    last = now;
  }
  session.destroy();
  gaps.sort((a, b) => a - b);
  return {
    answered: gaps.length - failed,
    failed,
    longestGap: gaps.at(-1) ?? 0,
    gap999: gaps[Math.floor(gaps.length * 0.999)] ?? 0,
  };
}

async function answer(session: ClientHttp2Session, message: Buffer): Promise<boolean> {
  return (await callWith(session, message, { ":path": CHECK })).grpc === 0;
}
