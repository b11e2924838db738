import type { Manifest } from "../store/behaviour.ts";
import { eventually } from "../support/events.ts";
import type { Line, SeenObject } from "./line.ts";

/** Applies and deletes objects, and knows which of these changes are not confirmed yet. */
export class Objects {
  readonly #line: Line;
  readonly #dying = new Map<string, Manifest>();
  readonly #changed = new Map<string, Manifest>();

  constructor(line: Line) {
    this.#line = line;
  }

  /** Creates or edits it. A namesake that is being deleted has to be gone first, else the store would take the new one for it. */
  async put(manifest: Manifest, before: { readonly uid: string } | undefined): Promise<SeenObject> {
    await this.confirm(manifest);
    const seen = await this.#line.apply(manifest);
    if (before && before.uid !== seen.metadata.uid)
      throw new Error(`${nameOf(manifest)} got another identity by an edit`);
    this.#changed.set(nameOf(manifest), manifest);
    return seen;
  }

  async remove(manifest: Manifest): Promise<void> {
    this.#changed.delete(nameOf(manifest));
    await this.#line.remove(manifest);
    this.#dying.set(nameOf(manifest), manifest);
  }

  async confirmAll(): Promise<void> {
    for (const manifest of [...this.#dying.values(), ...this.#changed.values()]) await this.confirm(manifest);
  }

  /** Until `kubectl delete` has returned, or Programmed is True. */
  async confirm(manifest: Manifest): Promise<void> {
    const name = nameOf(manifest);
    const dying = this.#dying.get(name);
    if (dying) await eventually(async () => !(await this.#line.find(dying)), { intervalMs: 5 });
    this.#dying.delete(name);
    const changed = this.#changed.get(name);
    if (changed) await this.until(changed, "Programmed");
    this.#changed.delete(name);
  }

  /** Until a condition of the object's present generation is True. */
  async until(manifest: Manifest, condition: "Programmed" | "Ready"): Promise<void> {
    await eventually(async () => isTrue(await this.#line.find(manifest), condition), { intervalMs: 5 });
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
