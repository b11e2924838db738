import type { MemoryStore } from "./memoryStore.ts";

/** What a store holds in the end, with everything that is random or counts writes named by the order in which it appears. */
export function finalState(store: MemoryStore): unknown {
  const text = JSON.stringify({
    applications: sorted(store.applications.all()).map(([key, { metadata, spec, status }]) => [
      key,
      metadata.finalizers,
      spec,
      sortedKeys(status),
    ]),
    grants: sorted(store.grants.all()).map(([key, { metadata, status }]) => [
      key,
      metadata.finalizers,
      sortedKeys(status),
    ]),
    domains: sorted(store.domains.all()).map(([key, { metadata, status }]) => [
      key,
      metadata.finalizers,
      sortedKeys(status),
    ]),
    projections: sorted(store.projections.all()).map(([name, { document }]) => [
      name,
      { ...document, uid: "" },
    ]),
    secrets: sorted(store.secrets.all()).map(([key, { type, data }]) => [
      key,
      type,
      [...data].map(([name, value]) => [
        name,
        name === "ApiAppSecret" ? value.reveal().length : value.reveal(),
      ]),
    ]),
  });
  const names = new Map<string, string>();
  const named = text.replaceAll(/APID[A-Za-z0-9]{36}|app-[a-z0-9]{8}/g, (word) => {
    const name = names.get(word) ?? `${word.slice(0, 4)}#${names.size}`;
    names.set(word, name);
    return name;
  });
  return JSON.parse(named);
}

function sorted<T>(entries: Iterable<[string, T]>): [string, T][] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Fields in one order, and without transition times, which depend on the history. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== "lastTransitionTime");
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, of]) => [key, sortedKeys(of)]),
  );
}
