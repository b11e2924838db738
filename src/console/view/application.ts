import type { Finding } from "../../access/findings/catalog.ts";
import type { AccessRow } from "../../access/rows.ts";
import type { Application } from "../../api/application.ts";
import { objectKey } from "../../api/names.ts";
import type { KeyState } from "../../api/vocabulary.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";
import { type ApplicationRow, applicationRow } from "./applications.ts";
import { type ConditionView, conditionsOf } from "./state.ts";
import { yamlOf } from "./yaml.ts";

/** A key pair; its secret is in the credentials Secret alone. Times are RFC 3339. */
export interface KeyView {
  readonly apiAppKey: string;
  readonly state: KeyState;
  readonly createdAt?: string;
  readonly retiresAt?: string;
}

/** The page of one Application. */
export interface ApplicationView {
  readonly row: ApplicationRow;
  readonly description: string;
  readonly isSuspended: boolean;
  readonly secretName: string;
  readonly keys: readonly KeyView[];
  /** The rotation interval of the spec, such as `2160h`; "" if it does not rotate by itself. */
  readonly rotationInterval: string;
  readonly conditions: readonly ConditionView[];
  /** What it may call; undefined if that cannot be known with the viewer's rights. */
  readonly access?: readonly AccessRow[];
  /** The grants that admit it, as the operator reports them: the first 50. */
  readonly grants: readonly {
    readonly grant: string;
    readonly environment: string;
    readonly apis: readonly string[];
  }[];
  readonly findings: readonly Finding[];
  readonly yaml: string;
}

/** The page of an Application. */
export function applicationView(application: Application, knowledge: Knowledge): ApplicationView {
  const { metadata, spec, status } = application;
  const key = objectKey(metadata.namespace, metadata.name);
  const access = knowledge.isComplete ? knowledge.rows?.filter(({ caller }) => caller === key) : undefined;
  return {
    row: applicationRow(application),
    description: spec.description ?? "",
    isSuspended: spec.suspended === true,
    secretName: status?.secretName ?? "",
    keys: status?.keys ?? [],
    rotationInterval: spec.credentials?.rotation?.interval ?? "",
    conditions: conditionsOf(application),
    ...(access === undefined ? {} : { access }),
    grants: status?.grants?.items ?? [],
    findings: knowledge.findings.get(`Application ${key}`) ?? [],
    yaml: yamlOf(application),
  };
}
