import { API_DOMAIN } from "./apiDomain.ts";
import { API_GRANT } from "./apiGrant.ts";
import { APPLICATION } from "./application.ts";
import { GROUP, VERSION } from "./names.ts";
import type { Rule, Schema } from "./schema/schema.ts";
import type { Kind } from "./vocabulary.ts";

/** What a kind's constant holds. */
export interface KindDefinition {
  readonly kind: Kind;
  readonly plural: string;
  readonly singular: string;
  readonly shortName: string;
  readonly scope: "Namespaced" | "Cluster";
  readonly description: string;
  readonly nameRule: Rule;
  readonly specRequired: boolean;
  readonly spec: Schema;
  readonly status: Schema;
  readonly selectableFields: readonly string[];
  readonly columns: readonly object[];
}

/** The three kinds. */
export const KINDS: readonly KindDefinition[] = [APPLICATION, API_GRANT, API_DOMAIN];

/** The whole schema of a kind's objects, as the API server checks it. */
export function objectSchema(definition: KindDefinition): Schema {
  return {
    type: "object",
    description: definition.description,
    ...(definition.specRequired ? { required: ["spec"] } : {}),
    "x-kubernetes-validations": [definition.nameRule],
    properties: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { type: "object" },
      spec: definition.spec,
      status: definition.status,
    },
  };
}

/** The CustomResourceDefinition of a kind. Helm keeps it when the release goes, and with it every object. */
export function customResourceDefinition(definition: KindDefinition): object {
  const { kind, plural, singular, shortName, scope, selectableFields, columns } = definition;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${GROUP}`, annotations: { "helm.sh/resource-policy": "keep" } },
    spec: {
      group: GROUP,
      scope,
      names: {
        kind,
        listKind: `${kind}List`,
        plural,
        singular,
        shortNames: [shortName],
        categories: ["countersign"],
      },
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          subresources: { status: {} },
          ...(selectableFields.length > 0
            ? { selectableFields: selectableFields.map((jsonPath) => ({ jsonPath })) }
            : {}),
          additionalPrinterColumns: columns,
          schema: { openAPIV3Schema: objectSchema(definition) },
        },
      ],
    },
  };
}
