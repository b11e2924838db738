import type { Manifest } from "../store/behaviour.ts";
import { eventually } from "../support/events.ts";
import { Ledger } from "./ledger.ts";
import type { Line, SeenObject } from "./line.ts";
import { manifestOfApplication, manifestOfDomain, manifestOfGrant, type Names } from "./names.ts";
import type { Application, Domain, Grant, Key } from "./world.ts";
import { World } from "./world.ts";

/** How far a command waits: not at all, until what it did is confirmed, or until the whole line is at rest. */
export type Until = "begun" | "confirmed" | "rest";

/** One run: what is done to the line is done to the world too, and what the line answers is held to the world. */
export class Session {
  readonly world = new World();
  readonly names: Names;
  readonly line: Line;
  readonly #ledger: Ledger;
  /** Objects that are being deleted. */
  readonly #dying = new Map<string, Manifest>();
  /** Objects that were changed, and whose change was not confirmed yet. */
  readonly #changed = new Map<string, Manifest>();
  #isAtRest = true;
  /** Labels are no part of a generation, so no condition tells when they are in effect. */
  #hasUnconfirmable = false;

  constructor(line: Line, names: Names) {
    this.line = line;
    this.names = names;
    this.#ledger = new Ledger(line, this.world, names.calls);
  }

  /** Time passes once all is at rest, so that it is known how long a replaced key has been so. */
  async pass(ms: number): Promise<void> {
    await this.rest();
    this.line.pass(ms);
  }

  async putApplication(at: string, content: Omit<Application, "uid">): Promise<void> {
    const before = this.world.applications.get(at);
    const { metadata } = await this.#put(manifestOfApplication(content), before);
    this.world.applications.set(at, { ...content, uid: metadata.uid });
    if (before && before.tier !== content.tier) this.#hasUnconfirmable = true;
  }

  async putGrant(at: string, content: Omit<Grant, "uid">): Promise<void> {
    const { metadata } = await this.#put(manifestOfGrant(content), this.world.grants.get(at));
    this.world.grants.set(at, { ...content, uid: metadata.uid });
  }

  async putDomain(at: string, content: Omit<Domain, "uid" | "createdAt">): Promise<void> {
    const { metadata } = await this.#put(manifestOfDomain(content), this.world.domains.get(at));
    const { uid, creationTimestamp: createdAt } = metadata;
    this.world.domains.set(at, { ...content, uid, createdAt });
  }

  async deleteApplication(at: string): Promise<void> {
    const application = this.world.applications.get(at);
    if (application) await this.#delete(manifestOfApplication(application));
    this.world.applications.delete(at);
  }

  async deleteGrant(at: string): Promise<void> {
    const grant = this.world.grants.get(at);
    if (grant) await this.#delete(manifestOfGrant(grant));
    this.world.grants.delete(at);
  }

  async deleteDomain(at: string): Promise<void> {
    const domain = this.world.domains.get(at);
    if (domain) await this.#delete(manifestOfDomain(domain));
    this.world.domains.delete(at);
  }

  /** Lists keys as revoked, whoever's they are; from the confirmation on they are refused where they are its own. */
  async revoke(at: string, application: Application, key: Key): Promise<void> {
    const isActive = key.owner === application.uid && key.retiresAt === Number.POSITIVE_INFINITY;
    await this.putApplication(at, {
      ...application,
      revokedKeys: [...new Set([...application.revokedKeys, key.id])],
      isKeyDue: application.isKeyDue || (isActive && !key.isRevoked),
    });
    if (key.owner === application.uid) this.world.keys.set(key.id, { ...key, isRevoked: true });
  }

  /** Its object goes without the operator, and comes back; nothing that was its is the new one's. */
  async loseIdentity(at: string, { applicationId: _, ...application }: Application): Promise<void> {
    const manifest = manifestOfApplication(application);
    await this.line.loseIdentity(manifest);
    this.world.applications.delete(at);
    await this.putApplication(at, { ...application, isKeyDue: true });
    if (this.world.applications.get(at)?.uid === application.uid) throw new Error(`${at} kept its identity`);
    await this.#confirm(nameOf(manifest));
  }

  /** Does it, waits as far as asked, and looks whether all is as it should be by then. */
  async act(until: Until, perform: () => Promise<void>): Promise<void> {
    const wasAtRest = this.#isAtRest;
    this.#isAtRest = false;
    await perform();
    if (until === "begun") return;
    await this.#confirmAll();
    this.#ledger.nothingDeadWorks();
    if (wasAtRest && !this.#hasUnconfirmable) this.#ledger.nothingMoreWorks();
    if (until === "rest") await this.rest();
  }

  /** Until nothing is under way any more: then the line does what the world says. */
  async rest(): Promise<void> {
    await this.#confirmAll();
    await this.line.settled();
    for (const manifest of this.#living())
      await this.#until(manifest, manifest.kind === "Application" ? "Ready" : "Programmed");
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

  /** What is being deleted has to be gone first, else the store would take the new one for it. */
  async #put(manifest: Manifest, before: { readonly uid: string } | undefined): Promise<SeenObject> {
    const name = nameOf(manifest);
    await this.#confirm(name);
    const seen = await this.line.apply(manifest);
    if (before && before.uid !== seen.metadata.uid)
      throw new Error(`${name} got another identity by an edit`);
    this.#changed.set(name, manifest);
    return seen;
  }

  async #delete(manifest: Manifest): Promise<void> {
    this.#changed.delete(nameOf(manifest));
    await this.line.remove(manifest);
    this.#dying.set(nameOf(manifest), manifest);
  }

  async #confirmAll(): Promise<void> {
    for (const name of [...this.#dying.keys(), ...this.#changed.keys()]) await this.#confirm(name);
  }

  /** `kubectl delete` has returned, or Programmed is True. */
  async #confirm(name: string): Promise<void> {
    const dying = this.#dying.get(name);
    if (dying) await eventually(async () => !(await this.line.find(dying)), { intervalMs: 5 });
    this.#dying.delete(name);
    const changed = this.#changed.get(name);
    if (changed) await this.#until(changed, "Programmed");
    this.#changed.delete(name);
  }

  /** A condition of the object's present generation is True. */
  async #until(manifest: Manifest, condition: "Programmed" | "Ready"): Promise<void> {
    await eventually(async () => isTrue(await this.line.find(manifest), condition), { intervalMs: 5 });
  }

  *#living(): Generator<Manifest> {
    for (const one of this.world.applications.values()) yield manifestOfApplication(one);
    for (const one of this.world.grants.values()) yield manifestOfGrant(one);
    for (const one of this.world.domains.values()) yield manifestOfDomain(one);
  }
}

function nameOf({ kind, metadata }: Manifest): string {
  return `${kind} ${metadata.namespace ?? ""}/${metadata.name}`;
}

function isTrue(object: SeenObject | undefined, condition: string): boolean {
  if (!object) throw new Error("the object is gone");
  const found = object.status?.conditions?.find(({ type }) => type === condition);
  if (found?.status === "True" && found.observedGeneration === object.metadata.generation) return true;
  throw new Error(`${condition} is ${found?.status} (${found?.reason}): ${found?.message}`);
}
