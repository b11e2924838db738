import { API_VERSION, CREDENTIAL_KEYS, LABEL_CREDENTIALS } from "../../api/names.ts";
import { Secret } from "../../api/secret.ts";
import type { PlannedObjects, WrittenApplication, WrittenDomain, WrittenGrant } from "../plan/objects.ts";
import type { PlanOptions } from "../plan/options.ts";
import { type YamlValue, yamlText } from "./yamlText.ts";

/** A file to write. The content of a Secret stays in the redacting type until it is written. */
export interface PlannedFile {
  /** Below the output directory, with `/`. */
  readonly path: string;
  readonly content: string | Secret;
}

/** On an Application: the id of the application at the vendor. It is no applicationId. */
const ANNOTATION_SOURCE = "countersign.dev/imported-from";

type FileOptions = Pick<PlanOptions, "namespace" | "className" | "hasSecrets" | "gateway">;

/** The objects as files, one each, in the order of their paths. */
export function* plannedFiles(objects: PlannedObjects, options: FileOptions): Generator<PlannedFile> {
  for (const one of objects.applications)
    yield { path: `applications/${one.name}.yaml`, content: yamlText(application(one, options)) };
  for (const one of objects.domains)
    yield { path: `domains/${one.name}.yaml`, content: yamlText(domain(one, options)) };
  for (const one of objects.grants)
    yield { path: `grants/${one.name}.yaml`, content: yamlText(grant(one, options)) };
  if (!options.hasSecrets) return;
  for (const one of objects.applications)
    if (one.pair) yield { path: `secrets/${one.secretName}.yaml`, content: secret(one, one.pair, options) };
}

type Document = { readonly [key: string]: YamlValue | undefined };

function application(
  { name, vendorId, displayName, description, secretName, allowsShortSecret }: WrittenApplication,
  { namespace, className, gateway }: FileOptions,
): Document {
  const { schemes } = gateway.rules;
  return {
    apiVersion: API_VERSION,
    kind: "Application",
    metadata: { name, namespace, annotations: { [ANNOTATION_SOURCE]: vendorId } },
    spec: {
      className,
      displayName: displayName === "" ? undefined : displayName,
      description: description === "" ? undefined : description,
      credentials: {
        source: "Imported",
        importFrom: { name: secretName },
        allowShortSecret: allowsShortSecret ? true : undefined,
      },
      signing: schemes && { schemes },
    },
  };
}

function domain(
  { name, host, environments }: WrittenDomain,
  { namespace, className }: FileOptions,
): Document {
  return {
    apiVersion: API_VERSION,
    kind: "ApiDomain",
    metadata: { name },
    spec: {
      className,
      hosts: [host],
      namespaces: { names: [namespace] },
      environments: environments.map((one) => ({ ...one })),
    },
  };
}

function grant(
  { name, environment, apis, applications, expiresAt, isSuspended }: WrittenGrant,
  { namespace, className }: FileOptions,
): Document {
  return {
    apiVersion: API_VERSION,
    kind: "ApiGrant",
    metadata: { name, namespace },
    spec: {
      className,
      environment,
      suspended: isSuspended ? true : undefined,
      expiresAt,
      apis: apis.map(({ name: api, hosts, paths, methods }) => ({
        name: api,
        hosts,
        paths: paths.map((path) => ({ ...path })),
        methods,
      })),
      applications: applications.map((one) => ({ ...one })),
    },
  };
}

function secret(
  { secretName: name }: WrittenApplication,
  { apiAppKey, apiAppSecret }: NonNullable<WrittenApplication["pair"]>,
  { namespace }: FileOptions,
): Secret {
  const metadata = { name, namespace, labels: { [LABEL_CREDENTIALS]: "true" } };
  const stringData = { [CREDENTIAL_KEYS.key]: apiAppKey, [CREDENTIAL_KEYS.secret]: apiAppSecret.reveal() };
  return Secret.of(yamlText({ apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", stringData }));
}
