import {
  type OpenVariant,
  type ParameterSetting,
  SCHEME_ALGORITHMS,
  SCHEME_NAMES,
  type SchemeName,
} from "../../../api/vocabulary.ts";
import { EPOCH } from "../../../base/timestamp.ts";
import { ProjectionIndex } from "../../../policy/index/projectionIndex.ts";
import type { Projection } from "../../../projection/documents.ts";
import type { KeyPair } from "../../shared/flags/credentialFlags.ts";

export interface KeyWorldOptions {
  /** The host that the request names. */
  readonly host: string;
  /** Prefixes of the host's environments, such as `/release`. */
  readonly environmentPrefixes: readonly string[];
  readonly parameters: ParameterSetting;
  readonly openVariants: readonly OpenVariant[];
  /** The schemes to accept. Default: all but TencentKeyPair, which signs too little to be accepted unasked. */
  readonly schemes?: readonly SchemeName[] | undefined;
}

const DEFAULT_SCHEMES = SCHEME_NAMES.filter((name) => name !== "TencentKeyPair");

const NAMESPACE = "default";
const APPLICATION_ID = "app-00000000";

/** An index with one key and a grant for everything on one host, so that decisions depend only on the signature. */
export function keyWorld({ keyId, secret }: KeyPair, options: KeyWorldOptions): ProjectionIndex {
  const index = new ProjectionIndex();
  for (const document of documents(keyId, secret, options)) {
    const name = `${document.kind}.${document.name}`;
    index.upsert({ name, resourceVersion: "1", document });
  }
  return index;
}

function documents(
  keyId: string,
  apiAppSecret: KeyPair["secret"],
  { host, environmentPrefixes, parameters, openVariants, schemes = DEFAULT_SCHEMES }: KeyWorldOptions,
): readonly Projection[] {
  const common = { createdAt: EPOCH, tombstone: false } as const;
  const environments = ["/", ...environmentPrefixes].map((pathPrefix) => ({
    name: nameOf(pathPrefix),
    pathPrefix,
  }));
  const application: Projection = {
    ...common,
    ...{ kind: "Application", uid: "a", namespace: NAMESPACE, name: "caller", applicationId: APPLICATION_ID },
    ...{ labels: {}, suspended: false, revokedKeys: [] },
    schemes: Object.fromEntries(
      schemes.map((name) => [
        name,
        {
          algorithms: SCHEME_ALGORITHMS[name],
          clockSkewSeconds: 900,
          parameters,
          openVariants: [...openVariants],
        },
      ]),
    ),
    keys: [{ apiAppKey: keyId, apiAppSecret, source: "Imported", state: "Active", createdAt: EPOCH }],
  } as Projection;
  const domain: Projection = {
    ...common,
    ...{ kind: "ApiDomain", uid: "d", name: "host", hosts: [host] },
    ...{ namespaces: { kind: "names", names: [NAMESPACE] }, environments },
  } as Projection;
  const grants = environments.map(
    ({ name }, position): Projection =>
      ({
        ...common,
        ...{ kind: "ApiGrant", uid: `g${position}`, namespace: NAMESPACE, name: `all-${position}` },
        ...{ namespaceLabels: {}, environment: name, suspended: false },
        apis: [{ name: "all", hosts: [host], paths: [{ type: "PathPrefix", value: "/" }], methods: [] }],
        applications: [{ kind: "name", name: "caller" }],
      }) as Projection,
  );
  return [application, domain, ...grants];
}

function nameOf(prefix: string): string {
  return prefix.replace(/^\//, "").replaceAll(/[^a-z0-9-]/g, "-") || "root";
}
