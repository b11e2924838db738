import { objectKey } from "../api/names.ts";
import { documentName } from "../projection/documentName.ts";
import type { ObjectRef, Store, WriteOutcome } from "../store/store.ts";
import type { Written } from "./freshness.ts";
import type { WriteStep } from "./step.ts";

/** How a step ended, and what a cache has to show of it before the next plan. */
export interface Applied {
  readonly outcome: WriteOutcome;
  readonly written?: Written;
}

/** Does the one write of a step. Throws StoreUnavailable when the store does not answer. */
export async function apply(store: Store, step: WriteStep): Promise<Applied> {
  const outcome = await write(store, step);
  if (outcome.kind !== "written") return { outcome };
  return { outcome, written: writtenBy(store, step, outcome.resourceVersion) };
}

async function write(store: Store, step: WriteStep): Promise<WriteOutcome> {
  switch (step.kind) {
    case "writeFinalizers":
      return store.writeFinalizers(step.object, step.finalizers, step.resourceVersion);
    case "createProjection":
      return store.createProjection(step.document, step.change);
    case "replaceProjection":
      return store.replaceProjection(step.document, step.change, step.resourceVersion);
    case "deleteProjection":
      return store.deleteProjection(step.name, step.resourceVersion);
    case "createCredentials":
      return store.createCredentials(step.content);
    case "restoreCredentials":
      return restore(store, step);
    case "deleteCredentials":
      return store.deleteCredentials(step.secret, step.resourceVersion);
    case "writeStatus":
      return store.writeStatus(step.object, step.status, step.resourceVersion);
  }
}

/** Ours, but it cannot be changed any more: it goes, and the next plan creates it. A refused write changed nothing, so this is still one. */
async function restore(
  store: Store,
  step: WriteStep & { kind: "restoreCredentials" },
): Promise<WriteOutcome> {
  const outcome = await store.restoreCredentials(step.content, step.resourceVersion);
  if (outcome.kind !== "refused") return outcome;
  const deleted = await store.deleteCredentials(step.secret, step.resourceVersion);
  return deleted.kind === "written" ? { kind: "conflict" } : deleted;
}

function writtenBy(store: Store, step: WriteStep, to: string): Written {
  switch (step.kind) {
    case "writeFinalizers":
      // An object that is being deleted goes with its last finalizer.
      return { cached: objectVersion(store, step.object), from: step.resourceVersion, to: undefined };
    case "writeStatus":
      return { cached: objectVersion(store, step.object), from: step.resourceVersion, to };
    case "createProjection":
    case "replaceProjection":
      return { cached: projectionVersion(store, documentName(step.document)), from: undefined, to };
    case "deleteProjection":
      return { cached: projectionVersion(store, step.name), from: step.resourceVersion, to: undefined };
    case "createCredentials":
      return { cached: secretVersion(store, step.content), from: undefined, to };
    case "restoreCredentials":
      return { cached: secretVersion(store, step.content), from: step.resourceVersion, to };
    case "deleteCredentials":
      return { cached: secretVersion(store, step.secret), from: step.resourceVersion, to: undefined };
  }
}

function projectionVersion(store: Store, name: string): () => string | undefined {
  return () => store.projections.get(name)?.resourceVersion;
}

function secretVersion(
  store: Store,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): () => string | undefined {
  return () => store.secrets.get(objectKey(namespace, name))?.metadata.resourceVersion;
}

function objectVersion(store: Store, { kind, namespace, name }: ObjectRef): () => string | undefined {
  const key = objectKey(namespace, name);
  return () => {
    switch (kind) {
      case "Application":
        return store.applications.get(key)?.metadata.resourceVersion;
      case "ApiGrant":
        return store.grants.get(key)?.metadata.resourceVersion;
      case "ApiDomain":
        return store.domains.get(key)?.metadata.resourceVersion;
      case "Secret":
        return store.secrets.get(key)?.metadata.resourceVersion;
    }
  };
}
