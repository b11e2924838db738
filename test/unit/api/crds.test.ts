import { describe, expect, test } from "@jest/globals";
import { customResourceDefinition, KINDS, type KindDefinition, objectSchema } from "../../../src/api/crds.ts";

interface Crd {
  readonly metadata: { readonly name: string; readonly annotations: Readonly<Record<string, string>> };
  readonly spec: {
    readonly scope: string;
    readonly names: { readonly shortNames: readonly string[]; readonly categories: readonly string[] };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly storage: boolean;
      readonly subresources: object;
      readonly selectableFields?: readonly { readonly jsonPath: string }[];
      readonly additionalPrinterColumns: readonly { readonly jsonPath: string }[];
    }[];
  };
}

const crdOf = (kind: KindDefinition) => customResourceDefinition(kind) as Crd;

/** Whether the schema has the field of a path such as `.spec.hosts` or `.status.conditions[?(@.type=="Ready")].status`. */
function hasField(kind: KindDefinition, jsonPath: string): boolean {
  let schema = objectSchema(kind);
  for (const [, name = "", filter] of jsonPath.matchAll(/\.(\w+)(\[\?\(.*?\)\])?/g)) {
    const next = schema.properties?.[name];
    const of = filter === undefined ? next : next?.items;
    if (!of) return false;
    schema = of;
  }
  return true;
}

describe.each(KINDS.map((kind) => [kind.kind, kind] as const))(
  "the CustomResourceDefinition of %s",
  (_, kind) => {
    const { metadata, spec } = crdOf(kind);
    const [version] = spec.versions;

    test("is kept when its Helm release is uninstalled", () => {
      expect(metadata.annotations["helm.sh/resource-policy"]).toBe("keep");
    });

    test("is named by its plural and group, and has one version, which is stored", () => {
      expect(metadata.name).toBe(`${kind.plural}.countersign.dev`);
      expect(spec.versions).toHaveLength(1);
      expect(version).toMatchObject({ name: "v1alpha1", served: true, storage: true });
    });

    test("has status as a subresource, which RBAC can protect", () => {
      expect(version?.subresources).toEqual({ status: {} });
    });

    test("has columns and selectable fields that exist in the schema", () => {
      const paths = [...(version?.additionalPrinterColumns ?? []), ...(version?.selectableFields ?? [])].map(
        ({ jsonPath }) => jsonPath,
      );
      expect(paths.length).toBeGreaterThan(4);
      const ours = paths.filter((path) => !path.startsWith(".metadata"));
      expect(ours.filter((path) => !hasField(kind, path))).toEqual([]);
    });
  },
);

test("the kinds have names of their own, and one category", () => {
  const crds = KINDS.map(crdOf);
  expect(new Set(crds.flatMap(({ spec }) => spec.names.shortNames)).size).toBe(KINDS.length);
  expect(new Set(crds.flatMap(({ spec }) => spec.names.categories))).toEqual(new Set(["countersign"]));
  expect(crds.map(({ spec }) => spec.scope)).toEqual(["Namespaced", "Namespaced", "Cluster"]);
});
