import type { Application } from "../../api/application.ts";
import { objectKey } from "../../api/names.ts";
import type { SecretObject } from "../../store/store.ts";
import { MultiMap } from "./multiMap.ts";

/** Which Applications a Secret concerns, and which Secrets an Application owns. Keys are `namespace/name`. */
export class SecretIndex {
  readonly #usedBy = new MultiMap();
  readonly #uses = new Map<string, readonly string[]>();
  readonly #byOwner = new MultiMap();
  readonly #owners = new Map<string, readonly { readonly uid: string; readonly key: string }[]>();

  /** Sets, or with undefined removes, an Application: the Secret that it names and the one that it imports from. */
  setApplication(key: string, application: Application | undefined): void {
    for (const secret of this.#uses.get(key) ?? []) this.#usedBy.delete(secret, key);
    const uses = application ? secretsOf(application) : [];
    if (uses.length > 0) this.#uses.set(key, uses);
    else this.#uses.delete(key);
    for (const secret of uses) this.#usedBy.add(secret, key);
  }

  /** Sets, or with undefined removes, a Secret. Returns the keys of the Applications that it concerns or concerned. */
  setSecret(key: string, secret: SecretObject | undefined): ReadonlySet<string> {
    const before = this.#owners.get(key) ?? [];
    for (const { uid } of before) this.#byOwner.delete(uid, key);
    const owners = secret ? ownersOf(secret) : [];
    if (owners.length > 0) this.#owners.set(key, owners);
    else this.#owners.delete(key);
    for (const { uid } of owners) this.#byOwner.add(uid, key);
    return new Set([...this.#usedBy.get(key), ...[...before, ...owners].map((owner) => owner.key)]);
  }

  /** The keys of the Secrets that an Application of that UID owns. */
  ownedBy(uid: string): Iterable<string> {
    return this.#byOwner.get(uid);
  }
}

/** The name of the credentials Secret when the spec gives none. */
export function defaultSecretName(application: string): string {
  return `${application}-credentials`;
}

/** The spec may match an older schema only, so every part of it may be missing. */
function secretsOf({ metadata: { namespace, name }, spec }: Application): readonly string[] {
  const credentials: Partial<Application["spec"]["credentials"]> | undefined = spec?.credentials;
  const names = [credentials?.secretName ?? defaultSecretName(name), credentials?.importFrom?.name];
  return names.flatMap((secret) => (typeof secret === "string" ? [objectKey(namespace, secret)] : []));
}

function ownersOf({ metadata }: SecretObject) {
  return (metadata.ownerReferences ?? [])
    .filter(({ kind }) => kind === "Application")
    .map(({ uid, name }) => ({ uid, key: objectKey(metadata.namespace, name) }));
}
