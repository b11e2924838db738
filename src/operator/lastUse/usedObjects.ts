import type { ApiGrant } from "../../api/apiGrant.ts";
import type { Application } from "../../api/application.ts";
import type { ApplicationProjection } from "../../projection/documents.ts";
import type { Use } from "../../projection/useReport.ts";
import type { Store } from "../../store/store.ts";
import type { Deps } from "../deps.ts";
import type { DocumentIndex } from "../index/documentIndex.ts";
import { collectionKeyOf, type Subject, subjectOfProjection, workKey } from "../subject.ts";
import { NO_USE, type UsePart } from "./usePart.ts";

/** Finds the work keys of the objects that a reported use belongs to. A key or a grant that is gone has no object. */
export function usedObjects(
  documents: DocumentIndex,
  { grants }: Pick<Store, "grants">,
): (use: Use) => Iterable<string> {
  return ({ kind, id }) => {
    if (kind === "grants") return grants.get(id) ? [workKey("ApiGrant", id)] : [];
    return [...documents.applications.namesWithKey(id)].flatMap((name) => {
      const subject = subjectOfProjection(name);
      return subject ? [workKey(subject.kind, collectionKeyOf(subject))] : [];
    });
  };
}

/** The last use of an Application, for its status. `document` has its public keys. */
export function useOfApplication(
  { lastUse }: Deps,
  subject: Subject,
  object: Application | undefined,
  document: ApplicationProjection | undefined,
): UsePart {
  const shown = [
    ...(object?.status?.keys ?? []).map(({ apiAppKey }) => apiAppKey),
    ...(document?.publicKeys ?? []).map(({ keyId }) => keyId),
  ];
  return useOf(lastUse, subject, object, shown);
}

/** The last use of a grant, for its status. */
export function useOfGrant({ lastUse }: Deps, subject: Subject, object: ApiGrant | undefined): UsePart {
  return useOf(lastUse, subject, object, []);
}

function useOf(
  lastUse: Deps["lastUse"],
  subject: Subject,
  object: Application | ApiGrant | undefined,
  shown: readonly string[],
): UsePart {
  if (!lastUse) return NO_USE;
  const key = workKey(subject.kind, collectionKeyOf(subject));
  if (object) {
    const { creationTimestamp: createdAt } = object.metadata;
    return lastUse.partOf(key, { status: object.status, shown, createdAt });
  }
  lastUse.forget(key);
  return NO_USE;
}
