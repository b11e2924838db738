import type { Application } from "../../../api/application.ts";
import { projectionName } from "../../../api/names.ts";
import type { Collection } from "../../../store/store.ts";

/**
 * Applications of a dry run, without what it made up: the id and the generated key pairs of an Application that `standalone` has not
 * seen yet exist nowhere else.
 */
export class KnownKeys implements Collection<Application> {
  readonly #applications: Collection<Application>;
  readonly #known: ReadonlySet<string>;

  /** `known` has the names of the projections that were there before the dry run. */
  constructor(applications: Collection<Application>, known: ReadonlySet<string>) {
    this.#applications = applications;
    this.#known = known;
  }

  get size(): number {
    return this.#applications.size;
  }

  get(key: string): Application | undefined {
    const found = this.#applications.get(key);
    return found && this.#asKnown(found);
  }

  *values(): IterableIterator<Application> {
    for (const application of this.#applications.values()) yield this.#asKnown(application);
  }

  subscribe(listener: (key: string) => void): () => void {
    return this.#applications.subscribe(listener);
  }

  #asKnown(application: Application): Application {
    const { kind, metadata, spec, status } = application;
    if (
      status === undefined ||
      this.#known.has(projectionName(kind, metadata.namespace ?? "", metadata.name))
    )
      return application;
    const { applicationId: _, keys = [], keysCount: __, ...rest } = status;
    // Imported pairs are those of a Secret in the directory.
    const real = spec.credentials?.source === "Imported" ? keys : [];
    return { ...application, status: { ...rest, keys: real, keysCount: real.length } };
  }
}
