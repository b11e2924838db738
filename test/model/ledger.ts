import { eventually } from "../support/events.ts";
import type { Answer, Credentials, Line } from "./line.ts";
import type { Application, Call, Key, World } from "./world.ts";

/** How long a replaced key stays valid, by every Application of the model. */
const OVERLAP_MS = 3_600_000;

/** A key that no Application has: it works in Shadow mode alone. */
const UNKNOWN: Key = {
  id: "APIDunknown",
  secret: "a-secret-of-no-application",
  owner: "",
  retiresAt: Number.POSITIVE_INFINITY,
  isRevoked: false,
};

/** Compares the line's decisions, and the credentials that it hands out, with the world. */
export class Ledger {
  readonly #line: Line;
  readonly #world: World;
  readonly #calls: readonly Call[];

  constructor(line: Line, world: World, calls: readonly Call[]) {
    this.#line = line;
    this.#world = world;
    this.#calls = calls;
  }

  /** Takes note of the pairs that are readable now: new ones where they are due, else those from before. */
  async readCredentials(): Promise<void> {
    for (const [at, application] of this.#world.applications) {
      const before = this.#world.keysOf(application).find(isActive);
      // The import will not do, and there is nothing else.
      if (this.#world.importsRevoked(application) && (!before || before.isRevoked)) continue;
      const found = await eventually(
        async () => await this.#line.credentials(application.namespace, application.name),
        { intervalMs: 5 },
      );
      this.#takeId(application, found.applicationId);
      this.#takeKey(application, before, found);
      const { applicationId } = found;
      this.#world.applications.set(at, { ...application, applicationId, isKeyDue: false });
    }
  }

  /** An Application keeps its id for life, and no other one ever gets it. */
  #takeId({ uid, applicationId }: Application, found: string): void {
    const owner = this.#world.ids.get(found);
    if ((applicationId ?? found) !== found || (owner ?? uid) !== uid)
      throw new Error(`${found} is the id of ${owner ?? "no Application"}, and was given to ${uid}`);
    this.#world.ids.set(found, uid);
  }

  #takeKey(application: Application, before: Key | undefined, { key: id, secret }: Credentials): void {
    const known = this.#world.keys.get(id);
    const expected = this.#expectedOf(application, before);
    if (expected === undefined && known)
      throw new Error(`${id} was handed out again where a new key was due`);
    if (expected !== undefined && id !== expected)
      throw new Error(`${id} was handed out where ${expected} was to be`);
    if (known && known.secret !== secret) throw new Error(`${id} was handed out with two secrets`);
    if (before && before.id !== id)
      this.#world.keys.set(before.id, { ...before, retiresAt: this.#line.now() + OVERLAP_MS });
    const key = known ?? { id, secret, owner: application.uid, isRevoked: false };
    this.#world.keys.set(id, { ...key, retiresAt: Number.POSITIVE_INFINITY });
  }

  /** The key that is to be readable; undefined for one that was never read. */
  #expectedOf(application: Application, before: Key | undefined): string | undefined {
    const { imported, isKeyDue } = application;
    if (imported !== undefined && !this.#world.importsRevoked(application)) return imported;
    return isKeyDue && imported === undefined ? undefined : before?.id;
  }

  /** Every verifier answers every call with every key as the world does. */
  everythingIsSo(): void {
    this.#expectNone(
      (key, call, { verdict }) => verdict !== this.#world.verdict(key, call, this.#line.now()),
    );
  }

  /** No verifier lets a call through that the world refuses. */
  nothingMoreWorks(): void {
    this.#expectNone(
      (key, call, { verdict }) =>
        verdict === "allowed" && this.#world.verdict(key, call, this.#line.now()) !== "allowed",
    );
  }

  /** No key of a deleted Application works, none that was revoked, and no grant that was deleted admits anybody. */
  nothingDeadWorks(): void {
    this.#expectNone(
      (key, _, { verdict, isShadowed, grant }) =>
        verdict === "allowed" &&
        (isShadowed
          ? !this.#world.hasShadowGrant
          : key.isRevoked || !this.#world.ownerOf(key) || !this.#world.hasGrant(grant ?? "")),
    );
  }

  #expectNone(isWrong: (key: Key, call: Call, answer: Answer) => boolean): void {
    const wrong: string[] = [];
    for (const key of [...this.#world.keys.values(), UNKNOWN]) {
      for (const call of this.#calls) {
        const answers = this.#line.ask(call, { key: key.id, secret: key.secret });
        for (const answer of answers)
          if (isWrong(key, call, answer)) wrong.push(this.#told(key, call, answer));
      }
    }
    if (wrong.length > 0) throw new Error(`wrongly answered:\n${wrong.slice(0, 10).join("\n")}`);
  }

  #told(key: Key, call: Call, { verdict, grant }: Answer): string {
    const owner = this.#world.ownerOf(key);
    const whose = owner ? `${owner.namespace}/${owner.name}` : "no Application";
    const state = key.isRevoked ? "revoked" : isActive(key) ? "active" : "retiring";
    const by = grant === undefined ? "" : ` by ${grant}`;
    const expected = this.#world.verdict(key, call, this.#line.now());
    return `${state} ${key.id} of ${whose}, ${call.host}${call.path}: ${verdict}${by}, not ${expected}`;
  }
}

function isActive({ retiresAt }: Key): boolean {
  return retiresAt === Number.POSITIVE_INFINITY;
}
