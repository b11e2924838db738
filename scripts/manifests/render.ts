import { parseAllDocuments, stringify } from "yaml";

/** One object of what Helm printed, with the template that it came from. */
interface Rendered {
  /** Below templates/, for example `operator/deployment.yaml`. */
  readonly template: string;
  readonly object: ManifestObject;
}

export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** As Kubernetes' tools read and write YAML: 0440 is a number to the base of 8. */
const AS_KUBECTL = { version: "1.1" } as const;

const HEADER = "# Rendered from helm/countersign by `npm run manifests`: edit the chart.\n";

/** Which of the files below manifests/ holds what a template gives; templates that are named nowhere are Helm's own. */
const FILES: readonly (readonly [file: string, template: RegExp])[] = [
  ["rights/namespaces.yaml", /^namespace\.yaml$/],
  ["rights/operator.yaml", /^rights\/operator\.yaml$/],
  ["rights/verifier.yaml", /^rights\/verifier\.yaml$/],
  ["rights/tenants.yaml", /^rights\/tenants\.yaml$/],
  ["rights/admission-policies.yaml", /^rights\/admission-policies\.yaml$/],
  ["base/operator.yaml", /^operator\//],
  ["base/verifier.yaml", /^verifier\/(?!hpa)/],
  ["base/network-policies.yaml", /^networkpolicy\.yaml$/],
  ["overlays/cert-manager/certificates.yaml", /^tls\/cert-manager\.yaml$/],
  ["overlays/autoscaling/autoscaler.yaml", /^verifier\/hpa\.yaml$/],
];

/** The objects in what `helm template` printed. */
function renderedObjects(printed: string): readonly Rendered[] {
  return printed.split(/^---$/m).flatMap((text) => {
    const template = /^# Source: [^/]+\/templates\/(.+)$/m.exec(text)?.[1];
    const object: unknown = parseAllDocuments(text, AS_KUBECTL)[0]?.toJS();
    return template && isObject(object) ? [{ template, object }] : [];
  });
}

/**
 * The generated files below manifests/ by name, from all that Helm printed for them. Of an object that came several times
 * the first counts: later renderings only add what the first has not.
 */
export function manifestFiles(
  printed: readonly string[],
  system: ManifestObject,
): ReadonlyMap<string, string> {
  const all = printed.flatMap(renderedObjects);
  return new Map(
    FILES.map(([file, template]) => {
      const found = all.filter((one) => template.test(one.template)).map((one) => one.object);
      const own = file === "rights/namespaces.yaml" ? [system] : [];
      return [file, textOf([...own, ...found])];
    }),
  );
}

function textOf(objects: readonly ManifestObject[]): string {
  const first = new Map<string, ManifestObject>();
  for (const object of objects) {
    const { kind, metadata } = object;
    const key = [kind, metadata.namespace, metadata.name].join("/");
    if (!first.has(key)) first.set(key, object);
  }
  const texts = [...first.values()].map((object) =>
    stringify(withoutHelm(object), { ...AS_KUBECTL, lineWidth: 0 }),
  );
  return HEADER + texts.join("---\n");
}

/** Removes the fields that only Helm's own objects carry. */
function withoutHelm(object: ManifestObject): object {
  const { labels = {}, annotations = {}, ...metadata } = object.metadata;
  const { "helm.sh/chart": _chart, "app.kubernetes.io/managed-by": _manager, ...ours } = labels;
  const { "helm.sh/resource-policy": _policy, ...notes } = annotations;
  const kept = { ...metadata, ...filled("labels", ours), ...filled("annotations", notes) };
  return { ...object, metadata: kept };
}

function filled(name: string, values: object): object {
  return Object.keys(values).length > 0 ? { [name]: values } : {};
}

function isObject(value: unknown): value is ManifestObject {
  return typeof value === "object" && value !== null && "kind" in value;
}
