import type { ApiDomainProjection, Labels } from "../../projection/documents.ts";
import type { SignedPlace } from "../../signing/scheme.ts";
import { selects } from "./selector.ts";

/** A namespace, as ownership looks at it. */
export interface NamespaceOf {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
}

/** One environment of an ApiDomain, made ready for look-ups. */
export interface EnvironmentEntry {
  readonly name: string;
  /** `/` or segments without a slash at the end. */
  readonly pathPrefix: string;
  /** The same; "" for `/`. */
  readonly prefix: string;
  readonly signed: SignedPlace;
}

/**
 * An ApiDomain made ready for look-ups. What a request reads is in the entry itself, and not in the document: with many hosts each further
 * object is memory that no cache of the processor holds.
 */
export class DomainEntry {
  readonly document: ApiDomainProjection;
  readonly name: string;
  readonly replayProtection: ApiDomainProjection["replayProtection"];
  /** The longest prefix first. */
  readonly environments: readonly EnvironmentEntry[];
  /** The path prefixes of its environments other than `/`. */
  readonly prefixes: readonly string[];
  /** A namespace that is named: the last one that was asked for. */
  #given: string | undefined;
  /** Made at the first question: it may name thousands of namespaces. */
  #names: ReadonlySet<string> | undefined;

  constructor(document: ApiDomainProjection) {
    this.document = document;
    this.name = document.name;
    this.replayProtection = document.replayProtection;
    this.prefixes = document.environments
      .map(({ pathPrefix }) => pathPrefix)
      .filter((prefix) => prefix !== "/");
    this.environments = document.environments
      .map(({ name, pathPrefix }) => {
        const prefix = pathPrefix === "/" ? "" : pathPrefix;
        const signed = {
          environmentPrefix: prefix,
          environmentPrefixes: this.prefixes,
          environment: name,
        };
        return { name, pathPrefix, prefix, signed };
      })
      .sort((a, b) => b.prefix.length - a.prefix.length);
  }

  /** Whether the domain gives its hosts to a namespace. A property, so that it can be handed on without a closure for each request. */
  readonly gives = ({ namespace, namespaceLabels }: NamespaceOf): boolean => {
    if (namespace === this.#given) return true;
    const { namespaces } = this.document;
    if (namespaces.kind === "selector") return selects(namespaces.selector, namespaceLabels);
    this.#names ??= new Set(namespaces.names);
    if (!this.#names.has(namespace)) return false;
    this.#given = namespace;
    return true;
  };
}
