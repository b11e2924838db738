import { EPOCH } from "../../base/timestamp.ts";
import type { Projection } from "../../projection/documents.ts";
import type { PlanInput } from "./planInput.ts";

/** The tombstone of a document. An unreadable document is replaced by an empty one, which verifiers can acknowledge. */
export function tombstoneOf(document: Projection | undefined, { subject, object }: PlanInput): Projection {
  if (document) return { ...document, tombstone: true };
  const { namespace, name } = subject;
  const common = {
    uid: object?.metadata.uid ?? "",
    name,
    createdAt: object?.metadata.creationTimestamp ?? EPOCH,
    tombstone: true,
  } as const;
  switch (subject.kind) {
    case "Application":
      return { ...common, kind: "Application", namespace, ...NO_APPLICATION };
    case "ApiGrant":
      return { ...common, kind: "ApiGrant", namespace, ...NO_GRANT };
    case "ApiDomain":
      return { ...common, kind: "ApiDomain", ...NO_DOMAIN };
  }
}

const NO_APPLICATION = {
  applicationId: "",
  labels: {},
  suspended: true,
  schemes: { Tencent: { algorithms: [], clockSkewSeconds: 1, parameters: "Auto", openVariants: [] } },
  keys: [],
  revokedKeys: [],
} as const;
const NO_GRANT = {
  namespaceLabels: {},
  environment: "",
  apis: [],
  applications: [],
  suspended: true,
} as const;
const NO_DOMAIN = { hosts: [], namespaces: { kind: "names", names: [] }, environments: [] } as const;
