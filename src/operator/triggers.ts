import { isDeepStrictEqual } from "node:util";
import { objectKey } from "../api/names.ts";
import type { Kind } from "../api/vocabulary.ts";
import { GrantEntry } from "../policy/grantEntry.ts";
import type {
  ApiDomainProjection,
  ApiGrantProjection,
  ApplicationProjection,
  Projection,
} from "../projection/documents.ts";
import type { Store } from "../store/store.ts";
import { MultiMap } from "./index/multiMap.ts";
import type { Projected } from "./index/projected.ts";
import type { SecretIndex } from "./index/secretIndex.ts";
import { collectionKeyOf, projectionNameOf, queueKey, subjectOf, subjectOfProjection } from "./key.ts";
import type { Acknowledgements } from "./verifiers/acknowledgements.ts";

/** Asks for a key to be planned again: now, or after so many milliseconds together with what else comes until then. */
type Enqueue = (key: string, afterMs?: number) => void;

export interface TriggerParts {
  readonly store: Store;
  readonly projected: Projected;
  readonly secrets: SecretIndex;
  readonly acknowledgements: Pick<Acknowledgements, "forget">;
  readonly enqueue: Enqueue;
}

/** A grant with selectors looks at a whole namespace, so changes of many Applications are taken together. */
const GATHER_MS = 500;

/** Turns changes into keys to plan again: the object's own, and those of the objects whose status speaks of it. */
export class Triggers {
  readonly #parts: TriggerParts;
  readonly #grantsByNamespace = new MultiMap();
  readonly #namespaceLabels = new Map<string, unknown>();

  constructor(parts: TriggerParts) {
    this.#parts = parts;
  }

  /** Hears all collections from now on, and takes what they hold. Answers the way to stop. */
  start(): () => void {
    const { store } = this.#parts;
    const stops = [
      store.projections.subscribe((name) => this.#projection(name)),
      store.secrets.subscribe((key) => this.#secret(key)),
      store.namespaces.subscribe((name) => this.#namespace(name)),
      store.applications.subscribe((key) => this.#application(key)),
      store.grants.subscribe((key) => this.#grant(key)),
      store.domains.subscribe((key) => this.#own("ApiDomain", key)),
      store.routes.subscribe((key) => this.#route(key)),
    ];
    this.#takeAll();
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Plans everything again. */
  enqueueAll(): void {
    const { store, enqueue } = this.#parts;
    const keys = (kind: Kind, objects: Iterable<Named>) => {
      for (const { metadata } of objects)
        enqueue(queueKey(kind, objectKey(metadata.namespace, metadata.name)));
    };
    keys("ApiDomain", store.domains.values());
    keys("ApiGrant", store.grants.values());
    keys("Application", store.applications.values());
    for (const { name } of store.projections.values()) this.#ownOfProjection(name);
  }

  /** What is there before the first event; nothing is compared, since everything is planned once. */
  #takeAll(): void {
    const { store, projected, secrets } = this.#parts;
    for (const { name, document } of store.projections.values()) projected.update(name, document);
    for (const one of store.secrets.values()) secrets.setSecret(keyOf(one), one);
    for (const { metadata } of store.namespaces.values())
      this.#namespaceLabels.set(metadata.name, metadata.labels);
    for (const one of store.applications.values()) secrets.setApplication(keyOf(one), one);
    for (const one of store.grants.values())
      this.#grantsByNamespace.add(one.metadata.namespace ?? "", keyOf(one));
    this.enqueueAll();
  }

  #own(kind: Kind, key: string): void {
    this.#parts.enqueue(queueKey(kind, key));
  }

  #ownOfProjection(name: string): void {
    const subject = subjectOfProjection(name);
    if (subject) this.#own(subject.kind, collectionKeyOf(subject));
  }

  #application(key: string): void {
    const { secrets, store, projected } = this.#parts;
    const application = store.applications.get(key);
    secrets.setApplication(key, application);
    if (!application) projected.forget(projectionNameOf(subjectOf(queueKey("Application", key))));
    this.#own("Application", key);
  }

  #grant(key: string): void {
    const { namespace } = subjectOf(queueKey("ApiGrant", key));
    if (this.#parts.store.grants.get(key)) this.#grantsByNamespace.add(namespace, key);
    else this.#grantsByNamespace.delete(namespace, key);
    this.#own("ApiGrant", key);
  }

  #secret(key: string): void {
    const { secrets, store } = this.#parts;
    for (const application of secrets.setSecret(key, store.secrets.get(key)))
      this.#own("Application", application);
  }

  #namespace(name: string): void {
    const labels = this.#parts.store.namespaces.get(name)?.metadata.labels;
    if (isDeepStrictEqual(labels, this.#namespaceLabels.get(name))) return;
    this.#namespaceLabels.set(name, labels);
    for (const key of this.#grantsByNamespace.get(name)) this.#own("ApiGrant", key);
  }

  /** The grants that target an HTTPRoute stand in its namespace. */
  #route(key: string): void {
    const [namespace = "", name] = key.split("/");
    for (const grant of this.#grantsByNamespace.get(namespace)) {
      const targets: unknown = this.#parts.store.grants.get(grant)?.spec?.targetRefs;
      if (Array.isArray(targets) && targets.some((target) => target?.name === name))
        this.#own("ApiGrant", grant);
    }
  }

  #projection(name: string): void {
    const { store, projected, acknowledgements } = this.#parts;
    const after = store.projections.get(name);
    const before = projected.update(name, after?.document);
    if (!after) acknowledgements.forget(name);
    this.#ownOfProjection(name);
    for (const [one, other] of [
      [before, after?.document],
      [after?.document, before],
    ] as const) {
      if (one?.kind === "Application") this.#applicationSide(one, other);
      if (one?.kind === "ApiGrant") this.#applicationsOf(one);
      if (one?.kind === "ApiDomain") this.#related(one);
    }
  }

  /** The grants that speak of an Application, and those who wait for a key that it gave up. */
  #applicationSide(application: ApplicationProjection, other: Projection | undefined): void {
    const { projected, enqueue } = this.#parts;
    const now = other?.kind === "Application" ? other : undefined;
    const kept = new Set(now?.keys.map(({ apiAppKey }) => apiAppKey));
    for (const { apiAppKey } of application.keys) {
      if (kept.has(apiAppKey)) continue;
      for (const key of projected.applications.takeWaiting(apiAppKey)) enqueue(key);
    }
    if (now && isSameToGrants(application, now)) return;
    for (const { document, hasSelectors } of projected.grants.candidatesFor(application))
      enqueue(keyOfGrant(document), hasSelectors ? GATHER_MS : 0);
  }

  #applicationsOf(grant: ApiGrantProjection): void {
    for (const { namespace, name } of this.#parts.projected.applicationsOf(new GrantEntry(grant)))
      this.#own("Application", objectKey(namespace, name));
  }

  /** Other ApiDomains with a host of this one, and the grants under its hosts with their Applications. */
  #related(domain: ApiDomainProjection): void {
    const { projected, enqueue } = this.#parts;
    for (const other of projected.livingDomains()) {
      if (other.hosts.some((host) => domain.hosts.includes(host))) this.#own("ApiDomain", other.name);
    }
    for (const { document } of projected.grants.entries()) {
      const hosts = document.apis.flatMap((api) => api.hosts);
      const concerns = (pattern: string) =>
        hosts.some((host) => covers(pattern, host) || covers(host, pattern));
      if (!domain.hosts.some(concerns)) continue;
      enqueue(keyOfGrant(document));
      this.#applicationsOf(document);
    }
  }
}

interface Named {
  readonly metadata: { readonly namespace?: string; readonly name: string };
}

function keyOf({ metadata }: Named): string {
  return objectKey(metadata.namespace, metadata.name);
}

function keyOfGrant({ namespace, name }: ApiGrantProjection): string {
  return queueKey("ApiGrant", objectKey(namespace, name));
}

function isSameToGrants(a: ApplicationProjection, b: ApplicationProjection): boolean {
  return (
    a.uid === b.uid &&
    a.applicationId === b.applicationId &&
    a.tombstone === b.tombstone &&
    isDeepStrictEqual(a.labels, b.labels)
  );
}

function covers(pattern: string, host: string): boolean {
  return pattern === host || (pattern.startsWith("*.") && host.endsWith(pattern.slice(1)));
}
