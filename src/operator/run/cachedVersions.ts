import { objectKey } from "../../api/names.ts";
import type { ObjectRef, Store } from "../../store/store.ts";

type Versioned = { readonly metadata: { readonly resourceVersion: string } } | undefined;

/** Reads the resourceVersion that a cache has of one object; undefined if the cache does not have it. */
export type CachedVersion = () => string | undefined;

export function projectionVersion(store: Store, name: string): CachedVersion {
  return () => store.projections.get(name)?.resourceVersion;
}

export function secretVersion(
  store: Store,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): CachedVersion {
  return () => store.secrets.get(objectKey(namespace, name))?.metadata.resourceVersion;
}

export function objectVersion(store: Store, { kind, namespace, name }: ObjectRef): CachedVersion {
  const caches: Readonly<Record<ObjectRef["kind"], { get(key: string): Versioned }>> = {
    Application: store.applications,
    ApiGrant: store.grants,
    ApiDomain: store.domains,
    Secret: store.secrets,
  };
  return () => caches[kind].get(objectKey(namespace, name))?.metadata.resourceVersion;
}
