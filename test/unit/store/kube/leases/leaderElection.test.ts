import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Answer, Call, Connection } from "../../../../../src/store/kube/connection.ts";
import { LeaderElection } from "../../../../../src/store/kube/leases/leaderElection.ts";
import { StoreUnavailable } from "../../../../../src/store/store.ts";
import { SteppedClock, settle } from "../../../../support/steppedClock.ts";

const HELD_MS = 15_000;
const RENEW_MS = 10_000;
const RETRY_MS = 2_000;

interface Lease {
  readonly metadata: { readonly name: string; readonly uid?: string; readonly resourceVersion?: string };
  readonly spec: { readonly holderIdentity: string };
}

/** An API server with one Lease. Requests of processes that are cut off fail. */
class LeaseServer {
  lease: Lease | undefined;
  writes = 0;
  readonly cutOff = new Set<string>();

  get holder(): string | undefined {
    return this.lease?.spec.holderIdentity;
  }

  /** The connection of one process: it has no other method that the election uses. */
  connectionOf(identity: string): Connection {
    const request = async (method: string, _: string, { body }: Call = {}): Promise<Answer> => {
      if (this.cutOff.has(identity)) throw new StoreUnavailable("it is cut off");
      return this.#answer(method, body as Lease);
    };
    return { request } as unknown as Connection;
  }

  #answer(method: string, body: Lease): Answer {
    const there = this.lease?.metadata;
    if (method === "GET")
      return there
        ? { status: 200, body: this.lease }
        : { status: 404, body: { details: { name: "lease" } } };
    const isFree = method === "POST" ? !there : there?.resourceVersion === body.metadata.resourceVersion;
    if (!isFree) return { status: 409, body: {} };
    this.writes += 1;
    const resourceVersion = String(this.writes);
    this.lease = { ...body, metadata: { ...body.metadata, uid: "uid-1", resourceVersion } };
    return { status: 200, body: this.lease };
  }
}

let server: LeaseServer;
let clock: SteppedClock;
const ends: (() => Promise<unknown>)[] = [];
beforeEach(() => {
  server = new LeaseServer();
  clock = new SteppedClock();
});
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A process that has tried once to lead; `log` holds when it began and ended to do so, in seconds. */
async function candidate(identity: string, chance = 0) {
  const options = { leaseDurationMs: HELD_MS, renewDeadlineMs: RENEW_MS, retryPeriodMs: RETRY_MS };
  const election = new LeaderElection(server.connectionOf(identity), {
    ...options,
    identity,
    clock,
    random: () => chance,
  });
  const stop = new AbortController();
  const log: string[] = [];
  const began = clock.monotonic();
  const note = (what: string) => log.push(`${what} ${(clock.monotonic() - began) / 1_000}`);
  const done = election.lead(stop.signal, async (leading) => {
    note("begins");
    if (!leading.aborted) await new Promise((resolve) => leading.addEventListener("abort", resolve));
    note("ends");
  });
  const end = () => {
    stop.abort();
    return done;
  };
  ends.push(end);
  await settle();
  return { log, end };
}

describe("of two candidates", () => {
  test("the second does not lead while the first renews its Lease", async () => {
    const first = await candidate("first");
    const second = await candidate("second");
    await clock.advance(10 * HELD_MS);
    expect([first.log, second.log]).toEqual([["begins 0"], []]);
    expect(server.writes).toBe(1 + (10 * HELD_MS) / RETRY_MS);
  });

  test("the second leads with its next try after the first released the Lease", async () => {
    const first = await candidate("first");
    const second = await candidate("second");
    await clock.advance(3_000);
    await first.end();
    expect(server.holder).toBe("");
    await clock.advance(1_000);
    expect([first.log, second.log]).toEqual([["begins 0", "ends 3"], ["begins 4"]]);
  });

  test("the second leads after the Lease of a leader that is cut off has expired, which is after that leader has stopped", async () => {
    const first = await candidate("first");
    await clock.advance(4_000);
    const second = await candidate("second");
    server.cutOff.add("first");
    await clock.advance(HELD_MS);
    expect(first.log).toEqual(["begins 0", "ends 14"]);
    expect([server.holder, second.log]).toEqual(["first", []]);
    await clock.advance(RETRY_MS);
    expect([server.holder, second.log]).toEqual(["second", ["begins 16"]]);
  });

  test("that try at the same time each waits for a random time, up to 2.2 times the retry period", async () => {
    await (await candidate("first")).end();
    server.cutOff.add("second").add("third");
    const [second, third] = [await candidate("second", 0), await candidate("third", 1)];
    server.cutOff.clear();
    await clock.advance(RETRY_MS);
    await second.end();
    await clock.advance(2 * RETRY_MS + 400);
    expect([second.log, third.log]).toEqual([["begins 2", "ends 2"], ["begins 4.4"]]);
  });
});

test("a leader that is cut off for less than its renew deadline keeps leading", async () => {
  const leader = await candidate("leader");
  server.cutOff.add("leader");
  await clock.advance(RENEW_MS - RETRY_MS - 1_000);
  server.cutOff.clear();
  await clock.advance(3 * HELD_MS);
  expect(leader.log).toEqual(["begins 0"]);
});

test("a leader whose Lease was taken stops with its next renewal, and leads again when the Lease is free", async () => {
  const leader = await candidate("leader");
  await clock.advance(1_000);
  const { metadata, spec } = server.lease as Lease;
  server.lease = {
    metadata: { ...metadata, resourceVersion: "taken" },
    spec: { ...spec, holderIdentity: "other" },
  };
  await clock.advance(1_000);
  expect(leader.log).toEqual(["begins 0", "ends 2"]);
  server.lease = {
    metadata: { ...metadata, resourceVersion: "freed" },
    spec: { ...spec, holderIdentity: "" },
  };
  await clock.advance(RETRY_MS);
  expect(leader.log).toEqual(["begins 0", "ends 2", "begins 4"]);
});
