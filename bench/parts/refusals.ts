import { checkCost } from "../lab/checkCost.ts";
import { interleave, type Lab, ROUNDS } from "../lab/lab.ts";
import { runLoad, writeFrames } from "../lab/load.ts";
import { checkFrame, type RequestOptions, signedRequest } from "../lab/requests.ts";
import { member, members } from "../lab/world.ts";
import { warmUp } from "./check.ts";
import type { Part } from "./part.ts";
import { HOSTILE, IN_PROCESS } from "./refusalRequests.ts";

/** What refusals cost beside a good request: through the gRPC port, and in one process for requests of many kinds. */
export const refusals: Part = {
  name: "refusals",
  summary: "CPU time of denials beside a good request: unknown key, wrong signature, the most hostile one",
  async run(lab) {
    await byPort(lab);
    if (!lab.quick) await inProcess(lab);
  },
};

async function byPort(lab: Lab): Promise<void> {
  const server = await lab.verifier();
  lab.say("refusals: good, unknown key, wrong signature and hostile in turn …");
  const rows = [
    await row(lab, "good", {}),
    await row(lab, "unknown key", { fault: "unknown key" }),
    await row(lab, "wrong signature", { fault: "wrong signature" }),
    await row(lab, "hostile", { fault: "wrong signature", shape: HOSTILE.shape, target: HOSTILE.target }),
  ];
  for (const { frames, expectsDenials } of rows)
    await warmUp(lab, { target: server.target, frames, expectsDenials, streams: 4 });
  await interleave(lab.pick(ROUNDS, 2), rows, async ({ name, frames, expectsDenials }) => {
    const shape = { seconds: lab.pick(1, 0.7), warmupSeconds: 0.2, streams: 4 };
    const load = { target: server.target, frames, pids: server.pids, expectsDenials, ...shape };
    lab.record(`refusals / ${name}`, await runLoad(load, lab.cores));
  });
}

async function row(lab: Lab, name: string, options: RequestOptions) {
  // One caller sends what is hostile; the others take turns, so that no key is remembered as one that just failed.
  const callers = name === "hostile" ? [member(0)] : members(1_000);
  const frames = callers.map((caller) => checkFrame(signedRequest("GET", caller, options)));
  return {
    name,
    frames: await writeFrames(lab.folder, `refusals ${name}`, frames),
    expectsDenials: name !== "good",
  };
}

async function inProcess(lab: Lab): Promise<void> {
  lab.say("refusals: in one process …");
  await checkCost({ path: "/warm/up" });
  for (const [name, sent, isOpen = false] of IN_PROCESS) {
    const good = await checkCost(sent, { isOpen });
    const wrong = await checkCost({ ...sent, secret: "wrong" }, { isOpen });
    const figures = `refusals / in process / ${name}`;
    lab.book.add(`${figures} / good`, "µs", good);
    lab.book.add(`${figures} / unknown key`, "µs", await checkCost(sent, { isUnknown: true }));
    lab.book.add(`${figures} / wrong signature`, "µs", wrong);
    lab.book.add(`${figures} / wrong signature, times good`, "×", wrong / good);
  }
}
