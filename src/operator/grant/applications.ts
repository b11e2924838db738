import type { ApiGrantStatus } from "../../api/apiGrant.ts";
import { GrantEntry } from "../../policy/index/grantEntry.ts";
import { selects } from "../../policy/index/selector.ts";
import type {
  ApiGrantProjection,
  ApplicationProjection,
  GrantedApplication,
} from "../../projection/documents.ts";
import type { DocumentIndex } from "../index/documentIndex.ts";

type ApplicationsStatus = NonNullable<ApiGrantStatus["applications"]>;
type Item = NonNullable<ApplicationsStatus["items"]>[number];

const MAX_ITEMS = 50;

/**
 * The Applications that a grant binds, and its entries that match none. An Application of another namespace is listed by id only, which
 * the grant contains itself. An id with a wrong namespace looks like an id that does not exist.
 */
export function applicationsStatus(
  document: ApiGrantProjection,
  documents: DocumentIndex,
): ApplicationsStatus {
  const bound = [...documents.applicationsOf(new GrantEntry(document))].sort((a, b) =>
    orderOf(a, document) < orderOf(b, document) ? -1 : 1,
  );
  const pending = document.applications.filter((entry) => !namesOneOf(entry, document, bound));
  const items = [
    ...bound.slice(0, MAX_ITEMS).map((application) => boundItem(application, document)),
    ...pending.slice(0, MAX_ITEMS).map(pendingItem),
  ].slice(0, MAX_ITEMS);
  return { bound: bound.length, pending: pending.length, items };
}

/** Applications of the grant's namespace by name, then the others by id, so that the order discloses no foreign names. */
function orderOf(application: ApplicationProjection, { namespace }: ApiGrantProjection): string {
  return application.namespace === namespace ? `0 ${application.name}` : `1 ${application.applicationId}`;
}

function namesOneOf(
  entry: GrantedApplication,
  { namespace }: ApiGrantProjection,
  bound: readonly ApplicationProjection[],
): boolean {
  switch (entry.kind) {
    case "id":
      return bound.some(
        (one) =>
          one.applicationId === entry.applicationId &&
          (entry.namespace === undefined || entry.namespace === one.namespace),
      );
    case "name":
      return bound.some((one) => one.namespace === namespace && one.name === entry.name);
    case "selector":
      return bound.some((one) => one.namespace === namespace && selects(entry.selector, one.labels));
  }
}

function boundItem(application: ApplicationProjection, { namespace }: ApiGrantProjection): Item {
  const { applicationId, name } = application;
  return { applicationId, ...(application.namespace === namespace ? { name } : {}), state: "Bound" };
}

function pendingItem(entry: GrantedApplication): Item {
  switch (entry.kind) {
    case "id":
      return { applicationId: entry.applicationId, state: "Pending" };
    case "name":
      return { name: entry.name, state: "Pending" };
    case "selector":
      return { state: "Pending" };
  }
}
