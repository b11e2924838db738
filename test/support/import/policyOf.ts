import { parseAllDocuments } from "yaml";
import {
  validateApiDomain,
  validateApiGrant,
  validateApplication,
} from "../../../src/api/validation/validate.ts";
import { buildGrantProjection } from "../../../src/operator/grant/buildGrantProjection.ts";
import { authorize } from "../../../src/policy/authorize.ts";
import { ProjectionIndex } from "../../../src/policy/index/projectionIndex.ts";
import { locate } from "../../../src/policy/locate.ts";
import { isSafePath } from "../../../src/policy/pathSafety.ts";
import { placeOf } from "../../../src/policy/place.ts";
import { targetOf } from "../../../src/policy/request.ts";
import { HeaderLines, isDenial } from "../../../src/signing/scheme.ts";
import { application, domain, key, stored } from "../documents.ts";

interface Document {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: unknown;
  readonly stringData?: Readonly<Record<string, string>>;
}

/** The policy of written files: whether an Application, named by its ApiAppKey, may make a request. */
export interface WrittenPolicy {
  readonly allows: (apiAppKey: string, method: string, host: string, path: string) => boolean;
}

const AT = "2026-01-01T00:00:00Z";
/** The time of all decisions, in milliseconds. */
export const POLICY_AT = Date.parse(AT);

/** Reads files as the operator would, and decides with the stages that the verifier runs after the signature. Throws on an invalid object. */
export function policyOf(files: ReadonlyMap<string, string>): WrittenPolicy {
  const documents = [...files]
    .filter(([path]) => path.endsWith(".yaml"))
    .flatMap(([, text]) => parseAllDocuments(text, { version: "1.1" }).map((one) => one.toJS() as Document));
  const index = new ProjectionIndex();
  const secrets = new Map(
    documents.filter(({ kind }) => kind === "Secret").map((one) => [one.metadata.name, one]),
  );
  for (const document of documents) project(document, secrets, index);
  const allows = (apiAppKey: string, method: string, host: string, path: string) => {
    const found = index.applications.key(apiAppKey, Date.parse(AT));
    if (!found || !isSafePath(path)) return false;
    const request = {
      method,
      path,
      authority: host,
      headers: new HeaderLines([]),
      body: { kind: "none" },
    } as const;
    const target = targetOf({ request, context: {} });
    const located = locate(target, placeOf(index.domains, target.host, target.path), index, index.grants);
    return (
      !isDenial(located) && !isDenial(authorize(target, found, located, index, index.grants, Date.parse(AT)))
    );
  };
  return { allows };
}

function project(document: Document, secrets: ReadonlyMap<string, Document>, index: ProjectionIndex): void {
  const { kind, metadata } = document;
  const { name } = metadata;
  if (kind === "Application") {
    const { credentials } = checked(validateApplication(document));
    const data = secrets.get(credentials.importFrom?.name ?? "")?.stringData;
    const keys = data ? [key({ apiAppKey: data.ApiAppKey ?? "" })] : [];
    index.upsert(stored(application({ name, uid: name, keys })));
  } else if (kind === "ApiGrant") {
    const object = { ...document, metadata: { ...metadata, uid: name, creationTimestamp: AT } };
    const spec = checked(validateApiGrant(document));
    index.upsert(stored(buildGrantProjection(object as never, spec, {}, [])));
  } else if (kind === "ApiDomain") {
    const { hosts, namespaces, environments } = checked(validateApiDomain(document));
    const names = { kind: "names", names: namespaces.names ?? [] } as const;
    index.upsert(stored(domain({ name, uid: name, hosts, namespaces: names, environments })));
  }
}

function checked<Spec>(
  result:
    | { readonly ok: true; readonly spec: Spec }
    | { readonly ok: false; readonly problems: readonly object[] },
): Spec {
  if (result.ok) return result.spec;
  throw new Error(JSON.stringify(result.problems));
}
