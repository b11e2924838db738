import { parsePublicKey } from "../../api/validation/publicKey.ts";
import type { PublicKeyRecord } from "../../projection/documents.ts";
import type { Living } from "./observed.ts";

/** The public keys of a spec, as they are projected, and what is wrong with the others. */
interface PublicKeys {
  readonly usable: readonly PublicKeyRecord[];
  /** A sentence for each other key, with the remedy. */
  readonly problems: readonly string[];
}

/** Checks the public keys of the spec. A key that cannot be used keeps no other from being used. */
export function readPublicKeys(living: Living): PublicKeys {
  const usable: PublicKeyRecord[] = [];
  const problems: string[] = [];
  for (const record of living.spec.credentials.publicKeys ?? []) {
    const problem = problemOf(record, living);
    if (problem === undefined) usable.push(record);
    else problems.push(problem);
  }
  return { usable, problems };
}

function problemOf({ keyId, algorithm, publicKey }: PublicKeyRecord, { seen }: Living): string | undefined {
  const parsed = parsePublicKey(publicKey, algorithm);
  if (!parsed.ok) return `publicKey of keyId ${keyId} ${parsed.problem}`;
  const before = seen.projection?.document ?? seen.lost;
  const isPair = before?.keys.some(({ apiAppKey }) => apiAppKey === keyId);
  const isOwn = before?.publicKeys?.some((key) => key.keyId === keyId);
  return isPair || (!isOwn && seen.isForeignKey(keyId))
    ? `keyId ${keyId} is in use as an ApiAppKey, or by another Application: choose another keyId`
    : undefined;
}
