import type { Finding } from "../../access/findings/catalog.ts";
import type { AccessRow } from "../../access/rows.ts";
import type { ApiGrant } from "../../api/apiGrant.ts";
import { objectKey } from "../../api/names.ts";
import type { Enforcement } from "../../api/vocabulary.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { byName } from "./applications.ts";
import { type ConditionView, conditionsOf, type StateView, stateOf } from "./state.ts";
import { yamlOf } from "./yaml.ts";

/** One line of the list of grants. Times are RFC 3339. */
export interface GrantRow extends StateView {
  readonly namespace: string;
  readonly name: string;
  readonly environment: string;
  readonly apis: readonly string[];
  /** Applications that it admits, and entries that match none. */
  readonly bound: number;
  readonly pending: number;
  readonly enforcement: Enforcement;
  readonly isSuspended: boolean;
  readonly notBefore?: string;
  readonly expiresAt?: string;
  /** Why it has less effect than it seems to, with the field to edit: the most severe finding. */
  readonly why?: Finding;
}

/** The page of one grant. */
export interface GrantView {
  readonly row: GrantRow;
  readonly conditions: readonly ConditionView[];
  readonly findings: readonly Finding[];
  /** Entries that the operator has resolved: the first 50. */
  readonly applications: readonly {
    readonly applicationId?: string;
    readonly name?: string;
    readonly state: "Bound" | "Pending";
  }[];
  /** What it opens; undefined if that cannot be known with the viewer's rights. */
  readonly access?: readonly AccessRow[];
  readonly yaml: string;
}

/** The list of grants, by namespace and name. */
export function grantRows(grants: Iterable<ApiGrant>, knowledge: Knowledge): readonly GrantRow[] {
  return [...grants].map((grant) => grantRow(grant, knowledge)).sort(byName);
}

/** The page of a grant. */
export function grantView(grant: ApiGrant, knowledge: Knowledge): GrantView {
  const key = objectKey(grant.metadata.namespace, grant.metadata.name);
  const access = knowledge.isComplete ? knowledge.rows?.filter((row) => row.grant === key) : undefined;
  return {
    row: grantRow(grant, knowledge),
    conditions: conditionsOf(grant),
    findings: findingsFor(grant, knowledge),
    applications: grant.status?.applications?.items ?? [],
    ...(access === undefined ? {} : { access }),
    yaml: yamlOf(grant),
  };
}

function grantRow(grant: ApiGrant, knowledge: Knowledge): GrantRow {
  const { metadata, spec, status } = grant;
  const { notBefore, expiresAt } = spec;
  const [why] = findingsFor(grant, knowledge);
  return {
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    environment: spec.environment,
    apis: (spec.apis ?? []).map(({ name }) => name),
    bound: status?.applications?.bound ?? 0,
    pending: status?.applications?.pending ?? 0,
    enforcement: spec.enforcement ?? "Enforce",
    isSuspended: spec.suspended === true,
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(why === undefined ? {} : { why }),
    ...stateOf(grant),
  };
}

function findingsFor({ metadata }: ApiGrant, knowledge: Knowledge): readonly Finding[] {
  return knowledge.findings.get(`ApiGrant ${objectKey(metadata.namespace, metadata.name)}`) ?? [];
}
