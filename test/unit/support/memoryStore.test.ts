import type { Kind } from "../../../src/api/vocabulary.ts";
import { describeStore, type Manifest } from "../../store/behaviour.ts";
import { MemoryStore } from "../../support/memoryStore.ts";

/** The store that the operator's unit tests stand on behaves as those that it stands for. */
describeStore("memory", async () => {
  const store = new MemoryStore();
  return {
    store,
    apply: async (manifest) => apply(store, manifest),
    remove: async ({ kind, metadata: { namespace, name } }) => {
      store.delete(kind as Kind, namespace === undefined ? name : `${namespace}/${name}`);
    },
    // It keeps everything in itself: an operator that restarts finds the same store.
    restart: async () => {},
    stop: async () => {},
  };
});

function apply(store: MemoryStore, { kind, metadata, spec, data }: Manifest): void {
  const { name, namespace = "", labels = {} } = metadata;
  if (kind === "Namespace") store.setNamespace(name, labels);
  else if (kind === "Secret") store.setSecret(namespace, name, decoded(data), {}, labels);
  else store.apply({ kind: kind as Kind, ...metadata, spec });
}

/** The values of a Secret as a person writes it. */
function decoded(data: unknown): Record<string, string> {
  const entries = Object.entries(data as Record<string, string>);
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));
}
