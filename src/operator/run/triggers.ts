import { isDeepStrictEqual } from "node:util";
import { objectKey } from "../../api/names.ts";
import type { Kind } from "../../api/vocabulary.ts";
import { GrantEntry } from "../../policy/index/grantEntry.ts";
import type {
  ApiDomainProjection,
  ApiGrantProjection,
  ApplicationProjection,
  Projection,
} from "../../projection/documents.ts";
import { keyIdsOf } from "../../projection/keyIds.ts";
import type { Store } from "../../store/store.ts";
import type { DocumentIndex } from "../index/documentIndex.ts";
import { MultiMap } from "../index/multiMap.ts";
import type { SecretIndex } from "../index/secretIndex.ts";
import { collectionKeyOf, projectionNameOf, subjectOf, subjectOfProjection, workKey } from "../subject.ts";
import type { Acknowledgements } from "../verifiers/acknowledgements.ts";

/** Enqueues a key: now, or after `afterMs` milliseconds, so that several changes within that time cause one reconcile. */
type Enqueue = (key: string, afterMs?: number) => void;

export interface TriggerParts {
  readonly store: Store;
  readonly documents: DocumentIndex;
  readonly secrets: SecretIndex;
  readonly acknowledgements: Pick<Acknowledgements, "forget">;
  readonly enqueue: Enqueue;
}

/** A grant with selectors depends on a whole namespace, so changes of many Applications are batched. */
const GATHER_MS = 500;

/** Turns changes into work keys: the key of the changed object, and those of the objects whose status depends on it. */
export class Triggers {
  readonly #parts: TriggerParts;
  readonly #grantsByNamespace = new MultiMap();
  readonly #namespaceLabels = new Map<string, unknown>();

  constructor(parts: TriggerParts) {
    this.#parts = parts;
  }

  /** Subscribes to all collections and indexes their present content. Returns a function that unsubscribes. */
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
    this.#indexAll();
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Enqueues every object and every projection. */
  enqueueAll(): void {
    const { store, enqueue } = this.#parts;
    const keys = (kind: Kind, objects: Iterable<Named>) => {
      for (const { metadata } of objects)
        enqueue(workKey(kind, objectKey(metadata.namespace, metadata.name)));
    };
    keys("ApiDomain", store.domains.values());
    keys("ApiGrant", store.grants.values());
    keys("Application", store.applications.values());
    for (const { name } of store.projections.values()) this.#ownOfProjection(name);
  }

  /** Indexes the content from before the first event, and enqueues every object once. */
  #indexAll(): void {
    const { store, documents, secrets } = this.#parts;
    for (const { name, document } of store.projections.values()) documents.update(name, document);
    for (const one of store.secrets.values()) secrets.setSecret(keyOf(one), one);
    for (const { metadata } of store.namespaces.values())
      this.#namespaceLabels.set(metadata.name, metadata.labels);
    for (const one of store.applications.values()) secrets.setApplication(keyOf(one), one);
    for (const one of store.grants.values())
      this.#grantsByNamespace.add(one.metadata.namespace ?? "", keyOf(one));
    this.enqueueAll();
  }

  #own(kind: Kind, key: string): void {
    this.#parts.enqueue(workKey(kind, key));
  }

  #ownOfProjection(name: string): void {
    const subject = subjectOfProjection(name);
    if (subject) this.#own(subject.kind, collectionKeyOf(subject));
  }

  #application(key: string): void {
    const { secrets, store, documents } = this.#parts;
    const application = store.applications.get(key);
    secrets.setApplication(key, application);
    if (!application) documents.forget(projectionNameOf(subjectOf(workKey("Application", key))));
    this.#own("Application", key);
  }

  #grant(key: string): void {
    const { namespace } = subjectOf(workKey("ApiGrant", key));
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

  /** The grants that target an HTTPRoute are in its namespace. */
  #route(key: string): void {
    const [namespace = "", name] = key.split("/");
    for (const grant of this.#grantsByNamespace.get(namespace)) {
      const targets: unknown = this.#parts.store.grants.get(grant)?.spec?.targetRefs;
      if (Array.isArray(targets) && targets.some((target) => target?.name === name))
        this.#own("ApiGrant", grant);
    }
  }

  #projection(name: string): void {
    const { store, documents, acknowledgements } = this.#parts;
    const after = store.projections.get(name);
    const before = documents.update(name, after?.document);
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

  /** Enqueues the grants that list an Application, and the Applications that wait for a key that it released. */
  #applicationSide(application: ApplicationProjection, other: Projection | undefined): void {
    const { documents, enqueue } = this.#parts;
    const now = other?.kind === "Application" ? other : undefined;
    const kept = new Set(now && keyIdsOf(now));
    for (const apiAppKey of keyIdsOf(application)) {
      if (kept.has(apiAppKey)) continue;
      for (const key of documents.applications.takeWaiting(apiAppKey)) enqueue(key);
    }
    if (now && isSameToGrants(application, now)) return;
    for (const { document, hasSelectors } of documents.grants.candidatesFor(application))
      enqueue(keyOfGrant(document), hasSelectors ? GATHER_MS : 0);
  }

  #applicationsOf(grant: ApiGrantProjection): void {
    for (const { namespace, name } of this.#parts.documents.applicationsOf(new GrantEntry(grant)))
      this.#own("Application", objectKey(namespace, name));
  }

  /** Enqueues other ApiDomains with one of its hosts, and the grants under its hosts with their Applications. */
  #related(domain: ApiDomainProjection): void {
    const { documents, enqueue } = this.#parts;
    for (const other of documents.domains.entries()) {
      if (other.document.hosts.some((host) => domain.hosts.includes(host)))
        this.#own("ApiDomain", other.name);
    }
    for (const { document } of documents.grants.entries()) {
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
  return workKey("ApiGrant", objectKey(namespace, name));
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
