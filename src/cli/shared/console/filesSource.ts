import type { Application } from "../../../api/application.ts";
import { CREDENTIAL_KEYS, objectKey, projectionName } from "../../../api/names.ts";
import type { ConsoleSource } from "../../../console/source.ts";
import type { SecretAnswer } from "../../../console/view/secret.ts";
import type { ProjectionIndex } from "../../../policy/index/projectionIndex.ts";
import type { FilesStore } from "../../../store/files/filesStore.ts";
import { explainPasted } from "../explain/explainPasted.ts";
import { readDecisions } from "./decisionMetrics.ts";
import { KnownKeys } from "./knownKeys.ts";

/** A store over a directory, and what verifiers know by it. */
interface Files {
  readonly store: FilesStore;
  readonly index: ProjectionIndex;
}

/** A dry run over a directory: nothing of it is in effect. `known` has the names of the projections that were there before. */
export function directoryOf(
  name: string,
  { store, index, known }: Files & { readonly known: ReadonlySet<string> },
): ConsoleSource {
  const isKnown = ({ metadata }: Application) =>
    known.has(projectionName("Application", metadata.namespace ?? "", metadata.name));
  return {
    ...sourceOf({ store, index }),
    about: { mode: "directory", name },
    objects: { ...objectsOf(store), applications: new KnownKeys(store.applications, known) },
    secret: async (application) =>
      isKnown(application) ? secretIn(store, application) : { kind: "missing" },
  };
}

/** A running `standalone`, whose process is its only verifier. `metrics` is the address of its metrics port. */
export function standaloneOf(
  name: string,
  { store, index, metrics }: Files & { readonly metrics: string },
): ConsoleSource {
  const verifier = { name: "standalone", state: "live", lagChanges: 0 } as const;
  return {
    ...sourceOf({ store, index }),
    about: { mode: "standalone", name },
    verifiers: async () => ({ verifiers: [{ ...verifier, lastContact: Date.now() }], gaps: [] }),
    ...(metrics.startsWith("unix:")
      ? {}
      : { metrics: () => readDecisions([`http://${metrics}`], Date.now()) }),
  };
}

function sourceOf({ store, index }: Files): Omit<ConsoleSource, "about"> {
  return {
    objects: objectsOf(store),
    gaps: () => [],
    verifiers: async () => ({ verifiers: [], gaps: [] }),
    secret: async (application) => secretIn(store, application),
    explain: (asked) => explainPasted(asked, index, Date.now()),
  };
}

function objectsOf({ applications, grants, domains, namespaces, routes }: FilesStore) {
  return { applications, grants, domains, namespaces, routes };
}

function secretIn(store: FilesStore, { metadata, status }: Application): SecretAnswer {
  const data = store.secrets.get(objectKey(metadata.namespace, status?.secretName ?? ""))?.data;
  const [key, secret] = [data?.get(CREDENTIAL_KEYS.key), data?.get(CREDENTIAL_KEYS.secret)];
  if (!key || !secret) return { kind: "missing" };
  return { kind: "secret", apiAppKey: key.reveal(), apiAppSecret: secret.reveal() };
}
