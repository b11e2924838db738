import { CROWD, type Lab } from "../lab/lab.ts";
import { runLoad } from "../lab/load.ts";
import type { ServerUnderTest } from "../lab/servers.ts";
import { framesOf } from "./check.ts";
import type { Part } from "./part.ts";

/** Resident memory with 10,000 Applications, after the start and after load. The operator's is measured by the part `operator`. */
export const memory: Part = {
  name: "memory",
  summary: "resident memory of a verifier, standalone and the reference with 10,000 Applications",
  async run(lab) {
    await measure(lab, "reference", await lab.reference());
    await measure(lab, "verifier", await lab.verifier());
    if (!lab.quick || lab.book.noteOf("start / standalone / first") === undefined)
      await measure(lab, "standalone", await lab.standalone(CROWD));
  },
};

async function measure(lab: Lab, name: string, server: ServerUnderTest): Promise<void> {
  lab.say(`memory: ${name} …`);
  const frames = await framesOf(lab, "GET", "memory");
  lab.book.add(`memory / ${name} / before load`, "MiB", server.figures.rssMiB);
  await runLoad({ target: server.target, frames, seconds: lab.pick(10, 1), warmupSeconds: 0 }, lab.cores);
  lab.book.add(`memory / ${name} / after load`, "MiB", server.figures.rssMiB);
}
