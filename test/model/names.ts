import { CREDENTIAL_KEYS, LABEL_CREDENTIALS } from "../../src/api/names.ts";
import type { Manifest } from "../store/behaviour.ts";
import { applicationManifest, domainManifest, grantManifest } from "../support/manifests.ts";
import type { Application, Call, Domain, Grant, Subject } from "./world.ts";

/** What objects of a run are called; runs that share a cluster differ in their number. */
export interface Names {
  readonly namespaces: readonly [string, string];
  /** An exact host, a wildcard that covers it, and another host under the wildcard. */
  readonly exact: string;
  readonly wildcard: string;
  readonly other: string;
  domain(at: number): string;
  readonly calls: readonly Call[];
}

export function namesOf(run: number): Names {
  const zone = `model-${run}.example.com`;
  const [exact, other] = [`api.${zone}`, `x.y.${zone}`];
  const paths = ["/orders", "/orders/7", "/admin", "/test/orders/7", "/test"];
  return {
    namespaces: [`model-${run}-a`, `model-${run}-b`],
    exact,
    wildcard: `*.${zone}`,
    other,
    domain: (at) => `model-${run}-${at}`,
    calls: [exact, other].flatMap((host) => paths.map((path) => ({ host, path }))),
  };
}

/** A rotation is asked for by a time; any time that has passed and is later than the last one will do. */
function requestText(count: number): string {
  return new Date(Date.UTC(2026, 0, 1) + count * 1_000).toISOString().replace(".000Z", "Z");
}

/** A pair as somebody brings it from the vendor's gateway, in a Secret that is named after it. */
export function manifestOfPair(namespace: string, id: string): Manifest {
  const metadata = { name: secretOf(id), namespace, labels: { [LABEL_CREDENTIALS]: "true" } };
  const stringData = { [CREDENTIAL_KEYS.key]: id, [CREDENTIAL_KEYS.secret]: `secret-of-${id}` };
  return { apiVersion: "v1", kind: "Secret", metadata, stringData };
}

function secretOf(pair: string): string {
  return pair.toLowerCase();
}

export function manifestOfApplication(application: Omit<Application, "uid">): Manifest {
  const { namespace, name, suspended, tier, revokedKeys, rotations, imported } = application;
  const requestedAt = rotations === 0 ? {} : { requestedAt: requestText(rotations) };
  const source =
    imported === undefined
      ? { rotation: { overlap: "1h", ...requestedAt } }
      : { source: "Imported", importFrom: { name: secretOf(imported) }, rotation: { overlap: "1h" } };
  const credentials = { ...source, revokedKeys };
  const { metadata, ...rest } = applicationManifest(name, namespace, { suspended, credentials });
  return { ...rest, metadata: { ...metadata, labels: { tier } } };
}

export function manifestOfGrant(grant: Omit<Grant, "uid">): Manifest {
  const { namespace, name, environment, hosts, path, subjects, suspended, enforcement, expiresAt } = grant;
  return grantManifest(name, namespace, "", {
    environment,
    suspended,
    enforcement,
    apis: [{ name: "orders", hosts, paths: [path] }],
    applications: subjects.map(entryOf),
    ...(Number.isFinite(expiresAt) ? { expiresAt: new Date(expiresAt).toISOString() } : {}),
  });
}

function entryOf(subject: Subject) {
  return "tier" in subject ? { selector: { matchLabels: { tier: subject.tier } } } : subject;
}

/** One namespace is selected by its label, several are named. */
export function manifestOfDomain(domain: Omit<Domain, "uid" | "createdAt">): Manifest {
  const { name, hosts, namespaces, environments } = domain;
  const [only, ...others] = namespaces;
  const chosen =
    only !== undefined && others.length === 0
      ? { selector: { matchLabels: { "kubernetes.io/metadata.name": only } } }
      : { names: namespaces };
  const { spec, ...rest } = domainManifest(name, "", "");
  return { ...rest, spec: { ...spec, hosts, namespaces: chosen, environments } };
}
