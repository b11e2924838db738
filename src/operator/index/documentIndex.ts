import { projectionName } from "../../api/names.ts";
import type { GrantEntry } from "../../policy/index/grantEntry.ts";
import { DomainTable } from "../../policy/index/ownership.ts";
import type { ApplicationProjection, Projection } from "../../projection/documents.ts";
import { ApplicationIndex } from "./applicationIndex.ts";
import { GrantIndex } from "./grantIndex.ts";

/** All projection documents, indexed for the reconcilers. `update` keeps it current; its cost does not grow with the number of objects. */
export class DocumentIndex {
  readonly applications = new ApplicationIndex();
  readonly grants = new GrantIndex();
  readonly domains = new DomainTable();
  readonly #documents = new Map<string, Projection>();
  readonly #lost = new Map<string, ApplicationProjection>();

  /** Sets, or with undefined removes, the document of that projection. Returns the one before. */
  update(name: string, document: Projection | undefined): Projection | undefined {
    const before = this.#documents.get(name);
    this.#remove(name, before);
    if (!document) this.#documents.delete(name);
    else this.#documents.set(name, document);
    this.#noteLoss(name, before, document);
    if (document?.kind === "Application") this.applications.set(name, document);
    if (document?.kind === "ApiGrant" && !document.tombstone) this.grants.set(name, document);
    if (document?.kind === "ApiDomain" && !document.tombstone) this.domains.add(document);
    return before;
  }

  /**
   * The last document of a projection that was deleted without having been a tombstone. Someone deleted it by hand, and with it the
   * only record of the Application's id and keys.
   */
  lost(name: string): ApplicationProjection | undefined {
    return this.#lost.get(name);
  }

  /** Drops the lost document of an Application that is deleted. */
  forget(name: string): void {
    this.#lost.delete(name);
  }

  /** The Applications that a grant is meant for, without tombstones and duplicates, in no order. */
  *applicationsOf(grant: GrantEntry): Generator<ApplicationProjection> {
    const seen = new Set<string>();
    for (const application of this.#candidatesOf(grant)) {
      if (seen.has(application.uid) || !grant.isMeantFor(application)) continue;
      seen.add(application.uid);
      yield application;
    }
  }

  *#candidatesOf({ document, names, ids, hasSelectors }: GrantEntry): Generator<ApplicationProjection> {
    for (const id of ids.keys()) yield* this.applications.livingById(id);
    if (hasSelectors) yield* this.applications.livingIn(document.namespace);
    for (const name of names) {
      const application = this.applications.living(projectionName("Application", document.namespace, name));
      if (application) yield application;
    }
  }

  #noteLoss(name: string, before: Projection | undefined, after: Projection | undefined): void {
    if (after) this.#lost.delete(name);
    else if (before?.kind === "Application" && !before.tombstone) this.#lost.set(name, before);
  }

  #remove(name: string, before: Projection | undefined): void {
    if (before?.kind === "Application") this.applications.delete(name);
    if (before?.kind === "ApiGrant") this.grants.delete(name);
    if (before?.kind === "ApiDomain" && !before.tombstone) this.domains.remove(before);
  }
}
