import { describe, expect, test } from "@jest/globals";
import type { ProjectionSink } from "../../../src/projection/feed.ts";
import { compareVersions } from "../../../src/projection/versions.ts";
import type { WriteOutcome } from "../../../src/store/store.ts";
import type { LeaseContent, LeaseFound, VerifierCluster } from "../../../src/store/verifierCluster.ts";
import { Membership, type MembershipDeps } from "../../../src/verifier/membership.ts";
import { application, stored } from "../../support/documents.ts";
import { SteppedClock, settle } from "../../support/steppedClock.ts";

/** A cluster in memory that notes what is asked of it, and can be away. */
class FakeCluster implements VerifierCluster {
  readonly calls: string[] = [];
  lease: (LeaseContent & LeaseFound) | undefined;
  version = 10;
  isAway = false;
  /** The next write of the Lease is done, and its answer lost. */
  losesAnswer = false;
  /** Lists are answered as of this version, as from a stale cache; undefined: with current data. */
  listedAs: number | undefined;
  #sink: ProjectionSink | undefined;
  #endWatch: () => void = () => {};

  async findLease(): Promise<LeaseFound | undefined> {
    this.#note("findLease");
    return this.lease;
  }

  async createLease(lease: LeaseContent): Promise<WriteOutcome> {
    this.#note(`createLease applied=${lease.applied}`);
    return this.#put(lease);
  }

  async updateLease(lease: LeaseContent, resourceVersion: string): Promise<WriteOutcome> {
    this.#note(`updateLease applied=${lease.applied}`);
    if (!this.lease) return { kind: "gone" };
    if (this.losesAnswer) {
      this.losesAnswer = false;
      this.#put(lease);
      throw new Error("the connection was reset");
    }
    return this.lease.resourceVersion === resourceVersion ? this.#put(lease) : { kind: "conflict" };
  }

  async deleteLease(): Promise<void> {
    this.#note("deleteLease");
    this.lease = undefined;
  }

  async list(sink: ProjectionSink): Promise<string> {
    this.#note("list");
    const version = String(this.listedAs ?? this.version);
    sink.replace([], version);
    return version;
  }

  watch(from: string, sink: ProjectionSink, signal: AbortSignal): Promise<void> {
    this.calls.push(`watch from=${from}`);
    this.#sink = sink;
    return new Promise((resolve) => {
      this.#endWatch = resolve;
      signal.addEventListener("abort", () => resolve());
    });
  }

  async probe(): Promise<string> {
    this.#note("probe");
    return String(this.version);
  }

  /** Something changes, and the watch reports it. */
  change(): void {
    this.version += 1;
    this.#sink?.upsert(stored(application(), this.version));
  }

  endWatch(): void {
    this.#endWatch();
  }

  /** Somebody else holds the Lease now. */
  steal(): void {
    if (this.lease) this.#put({ ...this.lease, holder: "somebody else" });
  }

  #put(lease: LeaseContent): WriteOutcome {
    this.version += 1;
    this.lease = { ...lease, resourceVersion: String(this.version) };
    return { kind: "written", resourceVersion: String(this.version) };
  }

  #note(call: string): void {
    if (this.isAway) throw new Error("the cluster is away");
    this.calls.push(call);
  }
}

async function member(
  maxStalenessMs = 60_000,
  cluster = new FakeCluster(),
  more: Partial<MembershipDeps> = {},
) {
  const [clock, stop] = [new SteppedClock(), new AbortController()];
  const applied: string[] = [];
  const changes: boolean[] = [];
  const sink: ProjectionSink = {
    replace: (_, version) => applied.push(version),
    upsert: ({ resourceVersion }) => applied.push(resourceVersion),
    remove: () => {},
    bookmark: () => {},
  };
  const membership: Membership = new Membership(
    { leaseName: "pod.uid.0", holder: "me", maxStalenessMs },
    {
      cluster,
      sink,
      clock,
      onChange: () => changes.push(membership.isReady()),
      onTrouble: () => {},
      ...more,
    },
  );
  const running = membership.run(stop.signal);
  await settle();
  const end = async () => {
    stop.abort();
    await running;
  };
  return { cluster, clock, membership, applied, changes, end };
}

describe("the report of uses in the Lease", () => {
  test("is in each write of the Lease, and counts as written once the write has succeeded", async () => {
    const calls: string[] = [];
    const uses = {
      report: () => `report ${calls.filter((one) => one === "written").length}`,
      written: () => void calls.push("written"),
    };
    const { cluster, clock, end } = await member(60_000, new FakeCluster(), { uses });
    expect(cluster.lease?.use).toBe("report 1");
    cluster.isAway = true;
    const before = calls.length;
    await clock.advance(8_000);
    expect(calls).toHaveLength(before);
    cluster.isAway = false;
    await clock.advance(8_000);
    expect(calls.length).toBeGreaterThan(before);
    await end();
  });

  test("is missing if uses are not recorded", async () => {
    const { cluster, end } = await member();
    expect(cluster.lease).not.toHaveProperty("use");
    await end();
  });
});

describe("a verifier's membership", () => {
  test("P25: starts with a Lease without acknowledgements, then lists, then reports what it applied, then serves", async () => {
    const { cluster, membership, changes, end } = await member();
    expect(cluster.calls.slice(0, 4)).toEqual([
      "findLease",
      "createLease applied=",
      "list",
      expect.stringMatching(/^updateLease applied=\d+$/),
    ]);
    expect(membership.isReady()).toBe(true);
    expect(changes).toEqual([true]);
    await end();
  });

  test("takes over the Lease that an earlier process of the same name left", async () => {
    const { cluster, clock, end } = await member();
    cluster.steal();
    cluster.calls.length = 0;
    await clock.advance(12_000);
    expect(cluster.calls).toContain("updateLease applied=");
    expect(cluster.lease?.holder).toBe("me");
    await end();
  });

  test("reports a change as applied within 200 ms of applying it, and never before", async () => {
    const { cluster, clock, applied, end } = await member();
    cluster.change();
    expect(applied.at(-1)).toBe(String(cluster.version));
    const version = String(cluster.version);
    expect(compareVersions(cluster.lease?.applied ?? "", version)).toBeLessThan(0);
    await clock.advance(250);
    expect(cluster.lease?.applied).toBe(version);
    await end();
  });

  test("P26: refuses once it was without contact for longer than maxStaleness, by the clock alone", async () => {
    const { cluster, clock, membership, end } = await member();
    cluster.isAway = true;
    await clock.advance(55_000);
    expect(membership.isReady()).toBe(true);
    await clock.advance(10_000);
    expect(membership.isReady()).toBe(false);
    cluster.isAway = false;
    await clock.advance(10_000);
    expect(membership.isReady()).toBe(true);
    await end();
  });

  test("P26: a wall clock that jumps ahead, as after a sleep of the machine, counts as time without contact", async () => {
    const { clock, membership, end } = await member();
    clock.wallOffset = 3_600_000;
    expect(membership.isReady()).toBe(false);
    await end();
  });

  test("a wall clock that is set back makes nothing look younger", async () => {
    const { cluster, clock, membership, end } = await member();
    cluster.isAway = true;
    clock.wallOffset = -3_600_000;
    await clock.advance(65_000);
    expect(membership.isReady()).toBe(false);
    await end();
  });

  test("writes on counts for nothing when the watch is deaf: a list replaces it", async () => {
    const { cluster, clock, membership, end } = await member();
    cluster.version += 1_000;
    cluster.calls.length = 0;
    await clock.advance(30_000);
    expect(cluster.calls).toContain("list");
    expect(membership.isReady()).toBe(true);
    await end();
  });

  test("keeps serving when the response to a write of its Lease was lost, and keeps reporting what it applies", async () => {
    const { membership, cluster, clock, changes, end } = await member();
    cluster.losesAnswer = true;
    cluster.change();
    await clock.advance(1_000);
    cluster.change();
    await clock.advance(1_000);
    expect(cluster.losesAnswer).toBe(false);
    expect([membership.isReady(), changes]).toEqual([true, [true]]);
    expect(cluster.lease?.applied).toBe(String(cluster.version - 1));
    await end();
  });

  test("stops serving when its Lease is gone, and registers again", async () => {
    const { cluster, clock, changes, membership, end } = await member();
    cluster.lease = undefined;
    cluster.calls.length = 0;
    await clock.advance(12_000);
    expect(changes.slice(0, 3)).toEqual([true, false, true]);
    expect(cluster.calls).toEqual(expect.arrayContaining(["createLease applied=", "list"]));
    expect(membership.isReady()).toBe(true);
    await end();
  });

  test("stops serving at once when its Lease is gone, though a question is still under way", async () => {
    const { cluster, clock, membership, end } = await member();
    const answer = Promise.withResolvers<string>();
    cluster.probe = () => answer.promise;
    await clock.advance(11_000);
    cluster.lease = undefined;
    await clock.advance(12_000);
    expect(membership.isReady()).toBe(false);
    answer.resolve("1");
    await clock.advance(1_000);
    expect(membership.isReady()).toBe(true);
    await end();
  });

  test("P27: stops serving when a list is older than what it applied, and takes the older state as the truth", async () => {
    const { cluster, clock, changes, applied, end } = await member();
    for (let count = 0; count < 50; count++) cluster.change();
    await clock.advance(300);
    cluster.version = 5;
    cluster.endWatch();
    await clock.advance(5_000);
    expect(changes.slice(0, 2)).toEqual([true, false]);
    expect(applied.some((version) => compareVersions(version, "20") < 0)).toBe(true);
    await end();
  });

  test("P26: applies no stale list while everything else is current, serves nothing meanwhile, and recovers", async () => {
    const { cluster, clock, membership, applied, end } = await member();
    for (let count = 0; count < 50; count++) cluster.change();
    await clock.advance(300);
    const [before] = applied.splice(0).slice(-1);
    cluster.listedAs = 20;
    cluster.endWatch();
    await clock.advance(60_000);
    expect(membership.isReady()).toBe(false);
    expect(applied).toEqual([]);
    expect(cluster.lease?.applied).toBe("");
    cluster.listedAs = undefined;
    await clock.advance(10_000);
    expect(membership.isReady()).toBe(true);
    expect(compareVersions(applied[0] ?? "", before ?? "")).toBeGreaterThan(0);
    await end();
  });

  test("P26: takes no older list either when the process before it under its Lease had applied more", async () => {
    const first = await member();
    for (let count = 0; count < 50; count++) first.cluster.change();
    await first.clock.advance(300);
    await first.end();
    first.cluster.listedAs = 20;
    const second = await member(60_000, first.cluster);
    expect(second.membership.isReady()).toBe(false);
    expect(second.applied).toEqual([]);
    first.cluster.listedAs = undefined;
    await second.clock.advance(10_000);
    expect(second.membership.isReady()).toBe(true);
    await second.end();
  });

  test("deletes its Lease when it shuts down, so that the operator does not wait for it", async () => {
    const { cluster, membership, end } = await member();
    await end();
    await membership.leave();
    expect(cluster.lease).toBeUndefined();
  });
});
