import type { ApiGrant, ApiGrantSpec } from "../../api/apiGrant.ts";
import type {
  ApiGrantProjection,
  GrantedApi,
  GrantedApplication,
  Labels,
} from "../../projection/documents.ts";
import { projectionHead } from "../plan/projectionHead.ts";
import { selectorOf } from "../plan/selector.ts";

/** The projection of a valid ApiGrant. `targets` are the APIs that its targetRefs resolve to. */
export function buildGrantProjection(
  { metadata }: ApiGrant,
  spec: ApiGrantSpec,
  namespaceLabels: Labels,
  targets: readonly GrantedApi[],
): ApiGrantProjection {
  const { environment, notBefore, expiresAt, suspended, enforcement, plan } = spec;
  return {
    kind: "ApiGrant",
    ...projectionHead(metadata),
    namespace: metadata.namespace ?? "",
    namespaceLabels,
    environment,
    apis: spec.targetRefs === undefined ? apisOf(spec) : targets,
    applications: spec.applications.map(applicationOf),
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    suspended,
    ...(enforcement === "Shadow" ? { enforcement } : {}),
    ...(plan === undefined ? {} : { plan }),
  };
}

function apisOf({ apis }: ApiGrantSpec): readonly GrantedApi[] {
  return apis.map(({ name, hosts = [], paths = [], methods = [] }) => ({ name, hosts, paths, methods }));
}

function applicationOf({
  name,
  selector,
  applicationId,
  namespace,
}: ApiGrantSpec["applications"][number]): GrantedApplication {
  if (name !== undefined) return { kind: "name", name };
  if (selector !== undefined) return { kind: "selector", selector: selectorOf(selector) };
  return {
    kind: "id",
    applicationId: applicationId ?? "",
    ...(namespace === undefined ? {} : { namespace }),
  };
}
