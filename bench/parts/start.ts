import { setTimeout as after } from "node:timers/promises";
import { CROWD, type Lab } from "../lab/lab.ts";
import type { ServerUnderTest } from "../lab/servers.ts";
import type { Part } from "./part.ts";

const MANY = 100_000;
/** A quick run gives up on a start after so long. */
const QUICK_LIMIT_S = 12;
const SETTLE_MS = 10_000;
const IDLE_MS = 30_000;

/** From the start of the process until it serves, and what it uses without requests. */
export const start: Part = {
  name: "start",
  summary:
    "seconds until a verifier and standalone serve, first and second start; CPU time of an idle standalone",
  async run(lab) {
    await startsOfVerifier(lab);
    await startsOfStandalone(lab);
    if (!lab.quick) await withMany(lab);
  },
};

async function startsOfVerifier(lab: Lab): Promise<void> {
  lab.say("start: verifier …");
  for (let round = 0; round < lab.pick(5, 2); round++) {
    const server = await lab.startVerifier(CROWD);
    lab.book.add("start / verifier", "s", server.startSeconds);
    await server.stop();
  }
}

async function startsOfStandalone(lab: Lab): Promise<void> {
  const first = await firstStart(lab, CROWD, "start / standalone / first", lab.pick(900, QUICK_LIMIT_S));
  if (!first) return;
  await first.stop();
  lab.say("start: standalone, second start …");
  const rounds = lab.pick(3, 1);
  for (let round = 1; round <= rounds; round++) {
    const server = await lab.startStandalone(CROWD);
    lab.book.add("start / standalone / second", "s", server.startSeconds);
    if (round === rounds) lab.keepStandalone(CROWD, server);
    else await server.stop();
  }
}

async function withMany(lab: Lab): Promise<void> {
  const server = await firstStart(lab, MANY, "start / standalone / first at 100000");
  if (!server) return;
  lab.keepStandalone(MANY, server);
  lab.say("start: standalone, idle …");
  await after(SETTLE_MS);
  const before = server.figures.cpuSeconds;
  await after(IDLE_MS);
  const used = (server.figures.cpuSeconds - before) / (IDLE_MS / 1_000);
  lab.book.add("start / standalone / idle at 100000", "", used);
}

/** Records the limit itself, with a note, for a start that takes longer. */
async function firstStart(
  lab: Lab,
  count: number,
  name: string,
  limitSeconds?: number,
): Promise<ServerUnderTest | undefined> {
  lab.say(`start: standalone with ${count} Applications, first start …`);
  try {
    const server = await lab.startStandalone(count, limitSeconds);
    lab.book.add(name, "s", server.startSeconds);
    return server;
  } catch (error) {
    if (limitSeconds === undefined || !String(error).includes("did not print")) throw error;
    lab.book.add(name, "s", limitSeconds);
    lab.book.note(name, "not ready by then");
    return undefined;
  }
}
