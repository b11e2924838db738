import { randomUUID } from "node:crypto";
import { RedisServer } from "../../test/support/redisServer.ts";
import { interleave, type Lab, ROUNDS } from "../lab/lab.ts";
import { type Load, runLoad, writeFrames } from "../lab/load.ts";
import { checkFrame, type RequestKind } from "../lab/requests.ts";
import {
  type CallerKind,
  membersOf,
  OTHER_KINDS,
  PROTECTED,
  requestUnder,
  TENCENT,
} from "../lab/schemeWorld.ts";
import type { ServerUnderTest } from "../lab/servers.ts";
import type { Member } from "../lab/world.ts";
import type { Part } from "./part.ts";

const KINDS: readonly RequestKind[] = ["GET", "POST 1 KiB JSON"];
const NONCE_RATE = 1_000;

/** What the schemes cost beside Tencent, what they cost its callers, and what a nonce costs. */
export const schemes: Part = {
  name: "schemes",
  summary:
    "Check/s under each scheme beside Tencent, what other schemes cost Tencent's callers, and a nonce in Redis",
  async run(lab) {
    const mixed = await lab.schemesVerifier();
    for (const request of KINDS) await besideTencent(lab, request, mixed);
    for (const request of KINDS) await ofTencent(lab, request, mixed);
    await nonces(lab);
  },
};

/** Callers of each scheme in turn, at one verifier. */
async function besideTencent(lab: Lab, request: RequestKind, server: ServerUnderTest): Promise<void> {
  lab.say(`schemes: ${request}, Tencent and each other scheme in turn …`);
  const rows = [];
  for (const kind of [TENCENT, ...OTHER_KINDS])
    rows.push({
      name: `schemes / ${request} / ${kind.name}`,
      server,
      frames: await framesOf(lab, kind, request),
    });
  await inTurn(lab, rows);
}

/**
 * The same callers under Tencent at verifiers that differ in what else there is: Applications of other schemes, or an earlier
 * build of the program.
 */
async function ofTencent(lab: Lab, request: RequestKind, mixed: ServerUnderTest): Promise<void> {
  const frames = await framesOf(lab, TENCENT, request);
  const rows = [
    { name: `schemes / ${request} / alone`, server: await lab.schemesVerifier("Tencent alone"), frames },
    { name: `schemes / ${request} / among all schemes`, server: mixed, frames },
  ];
  if (lab.against !== undefined)
    rows.push({
      name: `schemes / ${request} / alone, earlier build`,
      server: await lab.schemesVerifier("Tencent alone", lab.against),
      frames,
    });
  lab.say(`schemes: ${request} of Tencent's callers at ${rows.length} verifiers in turn …`);
  await inTurn(lab, rows);
}

interface Row {
  readonly name: string;
  readonly server: ServerUnderTest;
  readonly frames: string;
}

async function inTurn(lab: Lab, rows: readonly Row[]): Promise<void> {
  for (const { server, frames } of rows)
    await runLoad({ target: server.target, frames, seconds: lab.pick(5, 3) }, lab.cores);
  await interleave(lab.pick(ROUNDS, 3), rows, async ({ name, server, frames }) => {
    const timing = { seconds: lab.pick(1, 1.5), warmupSeconds: lab.pick(0.3, 0.5) };
    lab.record(
      name,
      await runLoad({ target: server.target, frames, pids: server.pids, ...timing }, lab.cores),
    );
  });
}

async function framesOf(lab: Lab, kind: CallerKind, request: RequestKind): Promise<string> {
  const frames = membersOf(kind).map((one) => checkFrame(requestUnder(kind, one, request)));
  return await writeFrames(lab.folder, `schemes ${request} ${kind.name}`, frames);
}

/** Latency at a fixed rate with a nonce that is claimed in a server of this machine, and with one that nothing asks for. */
async function nonces(lab: Lab): Promise<void> {
  const redis = await RedisServer.start();
  lab.defer(() => redis.kill());
  // A busy machine exceeds the default deadline now and then, which would be a denial.
  const flags = ["--nonce-store", redis.url, "--nonce-store-timeout", "1s"];
  const server = await lab.schemesVerifier("all", undefined, flags);
  lab.say(`schemes: nonces in Redis at ${NONCE_RATE}/s …`);
  const timing = { rate: NONCE_RATE, seconds: lab.pick(10, 2), warmupSeconds: lab.pick(2, 1) };
  await interleave(lab.pick(5, 3), [PROTECTED, TENCENT], async (kind, round) => {
    const frames = await freshFrames(
      lab,
      kind,
      `${round}`,
      NONCE_RATE * (timing.seconds + timing.warmupSeconds + 1),
    );
    const load: Load = { target: server.target, frames, pids: server.pids, ...timing };
    const { latencies } = await runLoad(load, lab.cores);
    const p50 = latencies.find(([quantile]) => quantile === 0.5)?.[1];
    if (p50 !== undefined)
      lab.book.add(`schemes / nonce / ${kind.isProtected ? "claimed" : "ignored"} / p50`, "µs", p50 * 1_000);
  });
}

/** So many requests, each with a nonce of its own: the store gets each of them once. */
async function freshFrames(lab: Lab, kind: CallerKind, round: string, count: number): Promise<string> {
  const all = membersOf(kind);
  const frames = Array.from({ length: count }, (_, number) =>
    checkFrame(requestUnder(kind, all[number % all.length] as Member, "GET", randomUUID())),
  );
  return await writeFrames(lab.folder, `schemes nonces ${kind.name} ${round}`, frames);
}
