import { interleave, type Lab, ROUNDS } from "../lab/lab.ts";
import { runLoad, writeFrames } from "../lab/load.ts";
import { checkFrame, signedRequest } from "../lab/requests.ts";
import type { ServerUnderTest } from "../lab/servers.ts";
import { member } from "../lab/world.ts";
import type { Part } from "./part.ts";

const SIZES = [10, 1_000, 10_000, 100_000] as const;
const QUICK_SIZES = [10, 10_000] as const;
/** Callers whose requests are sent in turn, at most; they are spread over all Applications. */
const CALLERS = 10_000;
const QUICK_CALLERS = 500;
/** As many as the smallest world has: with these, the largest shows what the number of Applications costs by itself. */
const FEW_CALLERS = SIZES[0];

/** Whether Check/s depends on the number of Applications. */
export const scale: Part = {
  name: "scale",
  summary: "Check/s with 10 to 100,000 Applications, of a verifier and of standalone",
  async run(lab) {
    const sizes = lab.pick<readonly number[]>(SIZES, QUICK_SIZES);
    await measureSizes(lab, "verifier", sizes, (count) => lab.verifier(count));
    await measureSizes(lab, "standalone", sizes, (count) => standaloneFor(lab, count));
  },
};

/** In a quick run only where the part `start` found that it starts in time. */
async function standaloneFor(lab: Lab, count: number): Promise<ServerUnderTest | undefined> {
  if (lab.quick && lab.book.noteOf("start / standalone / first") !== undefined) return undefined;
  return await lab.standalone(count);
}

async function measureSizes(
  lab: Lab,
  program: string,
  sizes: readonly number[],
  serverOf: (count: number) => Promise<ServerUnderTest | undefined>,
): Promise<void> {
  const variants: { readonly name: string; readonly server: ServerUnderTest; readonly frames: string }[] = [];
  for (const count of sizes) {
    const server = await serverOf(count);
    if (!server) continue;
    const callers = Math.min(count, lab.pick(CALLERS, QUICK_CALLERS));
    variants.push({ name: String(count), server, frames: await framesFor(lab, count, callers) });
    if (count === sizes.at(-1) && !lab.quick)
      variants.push({
        name: `${count}, ${FEW_CALLERS} callers`,
        server,
        frames: await framesFor(lab, count, FEW_CALLERS),
      });
  }
  // A caller's first request costs more than the next ones, and V8 compiles what is called often, so all are called before.
  for (const { server, frames } of variants)
    await runLoad({ target: server.target, frames, seconds: lab.pick(6, 2.5), warmupSeconds: 0 }, lab.cores);
  lab.say(`scale: ${program} in turn with Applications: ${variants.map(({ name }) => name).join("; ")} …`);
  await interleave(lab.pick(ROUNDS, 2), variants, async ({ name, server, frames }) => {
    const timing = { seconds: lab.pick(1, 0.6), warmupSeconds: 0.2 };
    const load = { target: server.target, frames, pids: server.pids, ...timing };
    lab.record(`scale / ${program} / ${name}`, await runLoad(load, lab.cores));
  });
}

/** Requests of so many callers, spread over all Applications. */
async function framesFor(lab: Lab, count: number, callers: number): Promise<string> {
  const frames = Array.from({ length: callers }, (_, number) =>
    checkFrame(signedRequest("GET", member(Math.floor((number * count) / callers)))),
  );
  return await writeFrames(lab.folder, `scale ${count} ${callers}`, frames);
}
