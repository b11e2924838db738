import { interleave, type Lab } from "../lab/lab.ts";
import type { LoadResult } from "../lab/load.ts";
import { runLoad } from "../lab/load.ts";
import type { ServerUnderTest } from "../lab/servers.ts";
import { framesOf, warmUp } from "./check.ts";
import type { Part } from "./part.ts";

const RATES = [1_000, 5_000] as const;
/** Of small requests while large bodies arrive. */
const RATE_BESIDE = 500;
const QUANTILES = [
  ["p50", 0.5],
  ["p99", 0.99],
  ["p99.9", 0.999],
] as const;

type Variant = readonly [name: string, server: ServerUnderTest];

/** Latency at fixed rates, each call counted from the instant at which it was due. */
export const latency: Part = {
  name: "latency",
  summary:
    "p50, p99 and p99.9 at 1,000/s and 5,000/s (open loop), and of small requests beside bodies of 16 MiB",
  async run(lab) {
    const variants: readonly Variant[] = [
      ["reference", await lab.reference()],
      ["default", await lab.verifier()],
    ];
    const frames = await framesOf(lab, "GET", "latency");
    for (const [, { target }] of variants) await warmUp(lab, { target, frames });
    for (const rate of RATES) {
      lab.say(`latency: ${rate}/s, reference and default in turn …`);
      await interleave(lab.pick(5, 2), variants, async ([name, server]) => {
        const timing = { rate, seconds: lab.pick(10, 1), warmupSeconds: lab.pick(2, 0.3) };
        const load = { target: server.target, frames, pids: server.pids, ...timing };
        record(lab, `latency / ${rate} / ${name}`, await runLoad(load, lab.cores));
      });
    }
    await besideLargeBodies(lab, variants, frames);
  },
};

/** One connection sends a body of 16 MiB after another, while others send small requests at a fixed rate. */
async function besideLargeBodies(lab: Lab, variants: readonly Variant[], frames: string): Promise<void> {
  const large = { frames: await framesOf(lab, "POST 16 MiB JSON"), connections: 1, streams: 1 };
  lab.say("latency: small requests beside bodies of 16 MiB …");
  for (const [, { target }] of variants) await warmUp(lab, { target, ...large });
  const seconds = lab.pick(10, 1.5);
  await interleave(lab.pick(3, 1), variants, async ([name, { target }]) => {
    const [, small] = await Promise.all([
      runLoad({ target, ...large, seconds: seconds + 1, warmupSeconds: 0 }, lab.cores),
      runLoad({ target, frames, rate: RATE_BESIDE, seconds, warmupSeconds: 0.5 }, lab.cores),
    ]);
    record(lab, `latency / beside 16 MiB / ${name}`, small);
  });
}

function record(lab: Lab, name: string, result: LoadResult): void {
  for (const [label, share] of QUANTILES) {
    const found = result.latencies.find(([quantile]) => quantile === share)?.[1];
    if (found !== undefined) lab.book.add(`${name} / ${label}`, "ms", found);
  }
  if (result.unanswered > 0) lab.book.add(`${name} / unanswered`, "", result.unanswered);
  lab.book.addDistribution(name, result.latencies);
}
