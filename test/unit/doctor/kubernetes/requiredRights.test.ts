import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import {
  operatorRights,
  type Right,
  verifierRights,
} from "../../../../src/doctor/kubernetes/requiredRights.ts";

interface Role {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

/** Rights that are needed only when an add-on is installed, or that only some API servers require. */
const BESIDE = /gateway\.networking\.k8s\.io|applications\/finalizers/;

const FOLDER = new URL("../../../../manifests/rights/", import.meta.url);
const manifests = ["operator.yaml", "verifier.yaml"].flatMap((file) =>
  parseAllDocuments(readFileSync(new URL(file, FOLDER), "utf8")).map((one) => one.toJS() as Role),
);

/** The rights that manifests/ grants to a ServiceAccount, whose roles have its name. */
function given(account: string): readonly string[] {
  const roles = manifests.filter(({ kind, metadata }) => /Role$/.test(kind) && metadata.name === account);
  return roles.flatMap(({ metadata, rules }) =>
    rules.flatMap(({ apiGroups, resources, resourceNames = [""], verbs }) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) =>
          resourceNames.map((name) => `${verb} ${apiGroups}/${resource} ${name} ${metadata.namespace ?? ""}`),
        ),
      ),
    ),
  );
}

const textOf = ({ verb, group, resource, subresource, name = "", namespace }: Right) =>
  `${verb} ${group}/${resource}${subresource ? `/${subresource}` : ""} ${name} ${namespace}`;

const namespaces = { data: "countersign-data", system: "countersign-system" };

test.each([
  ["countersign-operator", operatorRights(namespaces)],
  ["countersign-verifier", verifierRights(namespaces)],
] as const)("doctor requires exactly the rights that manifests/ grants to %s", (account, { needs }) => {
  const found = given(account).filter((right) => !BESIDE.test(right));
  expect([...new Set(needs.map(textOf))].sort()).toEqual([...new Set(found)].sort());
});
