import { interleave, type Lab, ROUNDS } from "../lab/lab.ts";
import { type Load, runLoad, writeFrames } from "../lab/load.ts";
import { checkFrame, type RequestKind, signedRequest } from "../lab/requests.ts";
import type { ServerUnderTest } from "../lab/servers.ts";
import { members } from "../lab/world.ts";
import type { Part } from "./part.ts";

const KINDS: readonly RequestKind[] = ["GET", "POST 1 KiB JSON", "POST form", "POST 1 MiB JSON"];
/** Callers whose requests are sent in turn; requests of a MiB are few, so that the file of them stays small. */
const CALLERS = 1_000;
const BIG_CALLERS = 8;

/** Check/s and CPU time for each kind of request, beside the reference. */
export const check: Part = {
  name: "check",
  summary: "Check/s of GET, POST of JSON and forms, and of 1 MiB; each transport beside the reference",
  async run(lab) {
    for (const kind of KINDS) await measureKind(lab, kind);
  },
};

async function measureKind(lab: Lab, kind: RequestKind): Promise<void> {
  const frames = await framesOf(lab, kind);
  const servers = await serversFor(lab, kind);
  lab.say(`check: ${kind}, ${servers.map(([name]) => name).join(" and ")} in turn …`);
  for (const [, { target }] of servers) await warmUp(lab, { target, frames, ...shapeOf(lab, kind) });
  await interleave(lab.pick(ROUNDS, 2), servers, async ([name, server]) => {
    const load: Load = { target: server.target, frames, pids: server.pids, ...shapeOf(lab, kind) };
    lab.record(`check / ${kind} / ${name}`, await runLoad(load, lab.cores));
  });
}

/** V8 compiles what is called often; until then a verifier that has just started is several times slower. */
export async function warmUp(lab: Lab, load: Omit<Load, "seconds">): Promise<void> {
  await runLoad({ ...load, seconds: lab.pick(5, 3) }, lab.cores);
}

/** The reference, and a verifier for each transport; in a quick run the default one only, except for GET. */
async function serversFor(
  lab: Lab,
  kind: RequestKind,
): Promise<readonly (readonly [string, ServerUnderTest])[]> {
  const transports = await lab.transports();
  const measured = lab.quick && kind !== "GET" ? transports.slice(0, 1) : transports;
  const servers: [string, ServerUnderTest][] = [["reference", await lab.reference()]];
  for (const [index, transport] of measured.entries())
    servers.push([
      index === 0 ? "default" : transport,
      await lab.verifier(undefined, index === 0 ? undefined : transport),
    ]);
  return servers;
}

function shapeOf(
  lab: Lab,
  kind: RequestKind,
): Pick<Load, "connections" | "streams" | "seconds" | "warmupSeconds"> {
  const isBig = kind === "POST 1 MiB JSON";
  const shape = isBig ? { connections: 2, streams: 2 } : { connections: 8, streams: 32 };
  return { ...shape, seconds: lab.pick(isBig ? 2 : 1, isBig ? 1.2 : 0.6), warmupSeconds: 0.3 };
}

/** Signed now, since signatures grow too old in a quarter of an hour. */
export async function framesOf(lab: Lab, kind: RequestKind, name: string = kind): Promise<string> {
  const callers = members(kind.includes("MiB") ? BIG_CALLERS : CALLERS);
  const frames = callers.map((member) => checkFrame(signedRequest(kind, member)));
  return await writeFrames(lab.folder, name, frames);
}
