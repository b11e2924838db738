import type { ApiGrant } from "../../api/apiGrant.ts";
import { classOf } from "../../api/class.ts";
import { objectKey, projectionName } from "../../api/names.ts";
import { GrantEntry } from "../../policy/index/grantEntry.ts";
import { documentName } from "../../projection/documentName.ts";
import { identitiesOf } from "../callers.ts";
import { classesOf, type Documents, documentsOf } from "../documents.ts";
import type { Tree } from "../tree.ts";
import { type World, worldOf } from "../world.ts";
import { applicationFindings, type KeyInFiles, repeatedKeys } from "./applicationFindings.ts";
import type { Finding } from "./catalog.ts";
import { domainFindings } from "./domainFindings.ts";
import { domainIndex, grantFindings } from "./grantFindings.ts";
import { pathsThatNeverDecide } from "./neverDecides.ts";

/**
 * What only a view of all objects shows, at an instant (epoch milliseconds), for each class of objects on its own. Objects are
 * valid each for itself. Throws TooManyOverlaps.
 */
export function findingsOf(tree: Tree, keys: readonly KeyInFiles[], now: number): readonly Finding[] {
  return [
    ...repeatedKeys(tree.applications, keys),
    ...classesOf(tree).flatMap((className) => findingsOfClass(tree, className, now)),
  ];
}

function findingsOfClass(tree: Tree, className: string, now: number): readonly Finding[] {
  const isOurs = (object: object) => classOf(object) === className;
  const documents = documentsOf(tree, className);
  const world = worldOf(documents, identitiesOf([documents]));
  const installed = { tree, documents, callers: world.callers, index: domainIndex(documents), now };
  const used = usedApplications(documents, world);
  const hasGrants = documents.grants.length > 0;
  const grants = tree.grants.filter(isOurs);
  const byName = new Map([...documents.grants, ...documents.domains].map((one) => [documentName(one), one]));
  return [
    ...(hasGrants && documents.domains.length === 0 ? noDomains(grants) : []),
    ...tree.domains.filter(isOurs).flatMap((domain) => {
      const document = byName.get(projectionName("ApiDomain", "", domain.metadata.name));
      const granted = new Set(world.claims.keys());
      return document?.kind === "ApiDomain"
        ? domainFindings(domain, document, { index: installed.index, granted })
        : [];
    }),
    ...tree.applications.filter(isOurs).flatMap((application) => {
      const name = objectKey(application.metadata.namespace, application.metadata.name);
      return applicationFindings(application, { isUsed: !hasGrants || used.has(name), now });
    }),
    ...grants.flatMap((grant) => {
      const document = byName.get(
        projectionName("ApiGrant", grant.metadata.namespace ?? "", grant.metadata.name),
      );
      return document?.kind === "ApiGrant" ? grantFindings(grant, document, installed) : [];
    }),
    ...pathsThatNeverDecide(grants, world, now),
  ];
}

/** The names of the callers that some grant is meant for. */
function usedApplications({ grants }: Documents, { callers }: World): ReadonlySet<string> {
  return new Set(grants.flatMap((grant) => callers.of(new GrantEntry(grant)).map(({ name }) => name)));
}

function noDomains(grants: readonly ApiGrant[]): readonly Finding[] {
  const [first] = grants;
  if (!first) return [];
  const object = `ApiGrant ${objectKey(first.metadata.namespace, first.metadata.name)}`;
  const message =
    "the files have no ApiDomain, so hosts and environments of grants are not checked, and no request can be allowed: name the directory with the ApiDomains, too";
  return [{ id: "NoDomains", object, field: "", message }];
}
