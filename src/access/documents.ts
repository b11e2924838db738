import type { ApiGrant } from "../api/apiGrant.ts";
import type { Application } from "../api/application.ts";
import { classOf } from "../api/class.ts";
import { objectKey } from "../api/names.ts";
import { ALGORITHMS } from "../api/vocabulary.ts";
import { buildDomainProjection } from "../operator/domain/buildDomainProjection.ts";
import { buildGrantProjection } from "../operator/grant/buildGrantProjection.ts";
import { resolveTargets, type Targets } from "../operator/grant/targets.ts";
import { DocumentIndex } from "../operator/index/documentIndex.ts";
import { domainsUnder } from "../operator/index/hosts.ts";
import { projectionHead } from "../operator/plan/projectionHead.ts";
import { documentName } from "../projection/documentName.ts";
import type {
  ApiDomainProjection,
  ApiGrantProjection,
  ApplicationProjection,
} from "../projection/documents.ts";
import { labelsOf, type Tree } from "./tree.ts";

/** What a verifier of one installation would know of a tree, without key pairs. */
export interface Documents {
  readonly applications: readonly ApplicationProjection[];
  readonly grants: readonly ApiGrantProjection[];
  readonly domains: readonly ApiDomainProjection[];
}

const NO_TARGETS: Targets = { apis: [], hosts: [], problems: [] };

/** The classes of a tree's objects, sorted; "" for those without one. Each class is an installation of its own. */
export function classesOf({ applications, grants, domains }: Tree): readonly string[] {
  return [...new Set([...applications, ...grants, ...domains].map(classOf))].sort();
}

/** The projections that the operator of a class would write, by the operator's own code. An unknown id is "". */
export function documentsOf(tree: Tree, className: string): Documents {
  const isOurs = (object: object) => classOf(object) === className;
  const domains = tree.domains.filter(isOurs).map((domain) => buildDomainProjection(domain, domain.spec));
  const index = new DocumentIndex();
  for (const domain of domains) index.update(documentName(domain), domain);
  return {
    domains,
    applications: tree.applications.filter(isOurs).map(applicationDocument),
    grants: tree.grants.filter(isOurs).map((grant) => grantDocument(grant, tree, index)),
  };
}

/** The targets of a grant's targetRefs; none if it has no targetRefs. `index` has the ApiDomains. */
export function targetsOf({ metadata, spec }: ApiGrant, tree: Tree, index: DocumentIndex): Targets {
  if (spec.targetRefs === undefined) return NO_TARGETS;
  const { namespace = "" } = metadata;
  const owner = { namespace, namespaceLabels: labelsOf(tree, namespace) };
  return resolveTargets(spec, {
    route: (name) => tree.routes.get(objectKey(namespace, name)),
    isServed: true,
    domainsOf: (host) => domainsUnder(index, host, owner),
  });
}

function grantDocument(grant: ApiGrant, tree: Tree, index: DocumentIndex): ApiGrantProjection {
  const labels = labelsOf(tree, grant.metadata.namespace ?? "");
  return buildGrantProjection(grant, grant.spec, labels, targetsOf(grant, tree, index).apis);
}

/** Settings of signatures have no effect here: who may call is asked, not whether a signature verifies. */
function applicationDocument({ metadata, spec, status }: Application): ApplicationProjection {
  return {
    kind: "Application",
    ...projectionHead(metadata),
    namespace: metadata.namespace ?? "",
    applicationId: status?.applicationId ?? "",
    labels: metadata.labels ?? {},
    suspended: spec.suspended,
    ...(spec.expiresAt === undefined ? {} : { expiresAt: spec.expiresAt }),
    schemes: {
      Tencent: { algorithms: ALGORITHMS, clockSkewSeconds: 900, parameters: "Auto", openVariants: [] },
    },
    keys: [],
    revokedKeys: [],
  };
}
