import type { ConsoleObjects, ConsoleSource } from "../../../src/console/source.ts";
import { FilesCollection } from "../../../src/store/files/collection.ts";

/** Collections without objects, which a test fills. */
export function emptyObjects() {
  return {
    applications: new FilesCollection<never>(),
    grants: new FilesCollection<never>(),
    domains: new FilesCollection<never>(),
    namespaces: new FilesCollection<never>(),
    routes: new FilesCollection<never>(),
  };
}

/** A source without objects. */
export function emptySource(objects: ConsoleObjects = emptyObjects()): ConsoleSource {
  return {
    about: { mode: "directory", name: "./resources" },
    objects,
    gaps: () => [],
    verifiers: async () => ({ verifiers: [], gaps: [] }),
    explain: async () => ({ kind: "unreadable", problem: "nothing was pasted" }),
  };
}
