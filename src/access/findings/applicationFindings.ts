import { type Application, weakSettingsOf } from "../../api/application.ts";
import { objectKey } from "../../api/names.ts";
import type { Finding, FindingId } from "./catalog.ts";
import { stateFindings } from "./grantFindings.ts";

/** Findings about one Application; `isUsed`: a grant names it. */
export function applicationFindings(
  { metadata, spec }: Application,
  { isUsed, now }: { readonly isUsed: boolean; readonly now: number },
): readonly Finding[] {
  const object = `Application ${objectKey(metadata.namespace, metadata.name)}`;
  const found = (id: FindingId, field: string, message: string): Finding => ({ id, object, field, message });
  const open = weakSettingsOf(spec.signing);
  const weak = `accepts requests of which a part may be unsigned or ambiguous (${open.join(", ")}): remove these settings once its callers sign all of it`;
  const unused =
    "is named by no grant of these files, so every request of it is denied unless another grant names its id: add it to a grant, or delete it";
  return [
    ...(open.length > 0 ? [found("WeakSigning", "spec.signing", weak)] : []),
    ...(isUsed ? [] : [found("ApplicationUnused", "", unused)]),
    ...stateFindings(spec, now, found),
  ];
}

/** A key pair that is in the files, without its secret. */
export interface KeyInFiles {
  readonly namespace: string;
  /** The name of its Secret. */
  readonly name: string;
  readonly apiAppKey: string;
}

/** ApiAppKeys that several Applications import: of one Secret, or of two with the same key. */
export function repeatedKeys(
  applications: readonly Application[],
  keys: readonly KeyInFiles[],
): readonly Finding[] {
  const keyOf = new Map(
    keys.map(({ namespace, name, apiAppKey }) => [objectKey(namespace, name), apiAppKey]),
  );
  const owners = new Map<string, string>();
  return applications.flatMap(({ metadata, spec }) => {
    const from = spec.credentials.importFrom?.name;
    if (from === undefined) return [];
    const name = objectKey(metadata.namespace, metadata.name);
    const secret = objectKey(metadata.namespace, from);
    const value = keyOf.get(secret) ?? `Secret ${secret}`;
    const owner = owners.get(value);
    if (owner === undefined) owners.set(value, name);
    if (owner === undefined) return [];
    const message = `imports the key pair of Secret ${secret}, whose ApiAppKey Application ${owner} imports too: a key identifies one Application; import another pair, or merge the two Applications`;
    return [
      {
        id: "ApiAppKeyRepeated",
        object: `Application ${name}`,
        field: "spec.credentials.importFrom",
        message,
      } as const,
    ];
  });
}
