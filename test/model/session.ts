import type { Manifest } from "../store/behaviour.ts";
import { Ledger } from "./ledger.ts";
import type { Line } from "./line.ts";
import {
  manifestOfApplication,
  manifestOfDomain,
  manifestOfGrant,
  manifestOfPair,
  type Names,
} from "./names.ts";
import { Objects } from "./objects.ts";
import type { Application, Domain, Grant, Key } from "./world.ts";
import { World } from "./world.ts";

/** How far a command waits: not at all, until what it did is confirmed, or until the whole line is at rest. */
export type Until = "begun" | "confirmed" | "rest";

/** One run: what is done to the line is done to the world too, and the line's decisions are compared with the world. */
export class Session {
  readonly world = new World();
  readonly names: Names;
  readonly line: Line;
  readonly #ledger: Ledger;
  readonly #objects: Objects;
  #isAtRest = true;
  /** Labels are no part of a generation, so no condition shows when they are in effect. */
  #hasUnconfirmable = false;

  constructor(line: Line, names: Names) {
    this.line = line;
    this.names = names;
    this.#objects = new Objects(line);
    this.#ledger = new Ledger(line, this.world, names.calls);
  }

  /** Time passes once all is at rest, so that it is known how long a replaced key has been so. */
  async pass(ms: number): Promise<void> {
    await this.rest();
    this.line.pass(ms);
  }

  async putApplication(at: string, content: Omit<Application, "uid">): Promise<void> {
    const before = this.world.applications.get(at);
    const { metadata } = await this.#objects.put(manifestOfApplication(content), before);
    this.world.applications.set(at, { ...content, uid: metadata.uid });
    if (before && before.tier !== content.tier) this.#hasUnconfirmable = true;
  }

  async putGrant(at: string, content: Omit<Grant, "uid">): Promise<void> {
    const { metadata } = await this.#objects.put(manifestOfGrant(content), this.world.grants.get(at));
    this.world.grants.set(at, { ...content, uid: metadata.uid });
  }

  async putDomain(at: string, content: Omit<Domain, "uid" | "createdAt">): Promise<void> {
    const { metadata } = await this.#objects.put(manifestOfDomain(content), this.world.domains.get(at));
    const { uid, creationTimestamp: createdAt } = metadata;
    this.world.domains.set(at, { ...content, uid, createdAt });
  }

  async deleteApplication(at: string): Promise<void> {
    const application = this.world.applications.get(at);
    if (application) await this.#objects.remove(manifestOfApplication(application));
    this.world.applications.delete(at);
  }

  async deleteGrant(at: string): Promise<void> {
    const grant = this.world.grants.get(at);
    if (grant) await this.#objects.remove(manifestOfGrant(grant));
    this.world.grants.delete(at);
  }

  async deleteDomain(at: string): Promise<void> {
    const domain = this.world.domains.get(at);
    if (domain) await this.#objects.remove(manifestOfDomain(domain));
    this.world.domains.delete(at);
  }

  /** Lists keys as revoked, of any owner; from the confirmation on they are refused where they are its own. */
  async revoke(at: string, application: Application, key: Key): Promise<void> {
    const isActive = key.owner === application.uid && key.retiresAt === Number.POSITIVE_INFINITY;
    await this.putApplication(at, {
      ...application,
      revokedKeys: [...new Set([...application.revokedKeys, key.id])],
      isKeyDue: application.isKeyDue || (isActive && !key.isRevoked),
    });
    if (key.owner === application.uid) this.world.keys.set(key.id, { ...key, isRevoked: true });
  }

  /** Takes the revoked keys out of the spec, once they have surely been seen there. */
  async forgive(at: string): Promise<void> {
    const application = this.world.applications.get(at);
    if (!application) return;
    await this.#objects.confirm(manifestOfApplication(application));
    await this.putApplication(at, { ...application, revokedKeys: [] });
  }

  /** A pair from elsewhere, or one that was imported before. What is under way comes to rest first, so that it is known what is replaced. */
  async importPair(at: string, known: string | undefined): Promise<void> {
    await this.rest();
    const application = this.world.applications.get(at);
    if (!application) return;
    const { namespace } = application;
    const imported = known ?? `APID-${namespace}-${this.world.pairs.size}`;
    if (known === undefined) await this.line.provide(manifestOfPair(namespace, imported));
    this.world.pairs.add(imported);
    await this.putApplication(at, { ...application, imported });
  }

  /** Back to pairs that the operator makes. */
  async generate(at: string): Promise<void> {
    await this.rest();
    const application = this.world.applications.get(at);
    if (!application?.imported) return;
    const active = this.world.keysOf(application).find(({ retiresAt }) => !Number.isFinite(retiresAt));
    const isKeyDue = !active || active.isRevoked || this.world.pairs.has(active.id);
    await this.putApplication(at, { ...application, imported: undefined, isKeyDue });
  }

  /** Its object goes without the operator, and comes back; the new one inherits nothing from it. */
  async loseIdentity(at: string, { applicationId: _, ...application }: Application): Promise<void> {
    const manifest = manifestOfApplication(application);
    await this.line.loseIdentity(manifest);
    this.world.applications.delete(at);
    await this.putApplication(at, { ...application, isKeyDue: true });
    if (this.world.applications.get(at)?.uid === application.uid) throw new Error(`${at} kept its identity`);
    await this.#objects.confirm(manifest);
  }

  /** Does it, waits as far as asked, and looks whether all is as it should be by then. */
  async act(until: Until, perform: () => Promise<void>): Promise<void> {
    await perform();
    // Some wait for rest themselves before they change anything.
    const wasAtRest = this.#isAtRest;
    this.#isAtRest = false;
    if (until === "begun") return;
    await this.#objects.confirmAll();
    this.#ledger.nothingDeadWorks();
    if (wasAtRest && !this.#hasUnconfirmable) this.#ledger.nothingMoreWorks();
    if (until === "rest") await this.rest();
  }

  /** Until nothing is under way any more: then the line decides as the world does. */
  async rest(): Promise<void> {
    await this.#objects.confirmAll();
    await this.line.settled();
    for (const [manifest, isReady] of this.#living())
      await this.#objects.until(manifest, isReady ? "Ready" : "Programmed");
    await this.line.settled();
    await this.#ledger.readCredentials();
    this.#ledger.everythingIsSo();
    this.#isAtRest = true;
    this.#hasUnconfirmable = false;
  }

  /** Takes everything away: nothing works any more. */
  async end(): Promise<void> {
    const { applications, grants, domains } = this.world;
    for (const at of [...applications.keys()]) await this.deleteApplication(at);
    for (const at of [...grants.keys()]) await this.deleteGrant(at);
    for (const at of [...domains.keys()]) await this.deleteDomain(at);
    await this.rest();
  }

  /** What there is, and whether it becomes ready: it need not where hosts are not given, or an import was revoked. */
  *#living(): Generator<readonly [Manifest, boolean]> {
    for (const one of this.world.applications.values())
      yield [manifestOfApplication(one), !this.world.importsRevoked(one)];
    for (const one of this.world.grants.values()) yield [manifestOfGrant(one), false];
    for (const one of this.world.domains.values()) yield [manifestOfDomain(one), false];
  }
}
