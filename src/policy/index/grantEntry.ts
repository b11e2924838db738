import type { ApiGrantProjection, ApplicationProjection, LabelSelector } from "../../projection/documents.ts";
import type { NamespaceOf } from "./domainEntry.ts";
import { selects } from "./selector.ts";

let entries = 0;

/**
 * A grant made ready for look-ups. Its identity is the object itself: a changed grant is another entry. What a request that is allowed
 * reads is in the entry itself, as in a DomainEntry.
 */
export class GrantEntry implements NamespaceOf {
  /** Of this entry alone, from 1 on: it can be remembered without keeping the entry in memory. */
  readonly number = ++entries;
  readonly document: ApiGrantProjection;
  readonly namespace: string;
  readonly namespaceLabels: ApiGrantProjection["namespaceLabels"];
  readonly names: ReadonlySet<string>;
  /** Pinned namespaces by applicationId; undefined in the set means any namespace. */
  readonly ids: ReadonlyMap<string, ReadonlySet<string | undefined>>;
  readonly #selectors: readonly LabelSelector[];
  readonly #isSuspended: boolean;
  /** Epoch milliseconds. Undefined for no limit: V8 keeps a number such as Infinity outside of the object. */
  readonly #notBefore: number | undefined;
  readonly #expiresAt: number | undefined;
  /** `namespace/name`. */
  readonly fullName: string;
  /** As for a KeyEntry. */
  usedOn = 0;
  readonly #createdAt: number;

  constructor(document: ApiGrantProjection) {
    this.document = document;
    this.namespace = document.namespace;
    this.namespaceLabels = document.namespaceLabels;
    this.#isSuspended = document.suspended;
    this.fullName = `${document.namespace}/${document.name}`;
    this.#createdAt = Date.parse(document.createdAt);
    const { applications } = document;
    this.names = new Set(applications.flatMap((one) => (one.kind === "name" ? [one.name] : [])));
    this.#selectors = applications.flatMap((one) => (one.kind === "selector" ? [one.selector] : []));
    const ids = new Map<string, Set<string | undefined>>();
    for (const one of applications) {
      if (one.kind === "id")
        ids.set(one.applicationId, (ids.get(one.applicationId) ?? new Set()).add(one.namespace));
    }
    this.ids = ids;
    this.#notBefore = document.notBefore === undefined ? undefined : Date.parse(document.notBefore);
    this.#expiresAt = document.expiresAt === undefined ? undefined : Date.parse(document.expiresAt);
  }

  get hasSelectors(): boolean {
    return this.#selectors.length > 0;
  }

  /** Whether the grant is meant for this Application: by name or selector in its own namespace, by id in any or in the pinned one. */
  isMeantFor(application: ApplicationProjection): boolean {
    const pins = this.ids.get(application.applicationId);
    if (pins && (pins.has(undefined) || pins.has(application.namespace))) return true;
    if (application.namespace !== this.namespace) return false;
    return (
      this.names.has(application.name) ||
      this.#selectors.some((selector) => selects(selector, application.labels))
    );
  }

  /** Whether it decides before another: the older one, then the first by namespace and name. */
  isBefore(other: GrantEntry): boolean {
    if (this.#createdAt !== other.#createdAt) return this.#createdAt < other.#createdAt;
    return this.fullName < other.fullName;
  }

  /** Whether it admits anybody now (epoch milliseconds). */
  isInForce(now: number): boolean {
    if (this.#isSuspended || (this.#notBefore !== undefined && now < this.#notBefore)) return false;
    return this.#expiresAt === undefined || now < this.#expiresAt;
  }
}
