import { LABEL_CREDENTIALS, objectKey } from "../../api/names.ts";
import { oneCopy } from "../../base/oneCopy.ts";
import { timestamp } from "../../base/timestamp.ts";
import type { CredentialsContent, ObjectRef, SecretObject, WriteOutcome } from "../store.ts";
import { FilesCollection } from "./collection.ts";
import type { Change, CredentialFiles } from "./credentials/credentialFiles.ts";
import { credentialsManifest } from "./credentials/credentialsManifest.ts";
import type { RememberedFile, RememberedFiles } from "./credentials/rememberedFiles.ts";
import { manifestOf, parseManifest, readManifest, secretOfContent } from "./credentials/secretManifest.ts";
import type { Declared } from "./declared.ts";
import type { SecretContent } from "./secretContent.ts";
import { newUid, type Versions } from "./versions.ts";

/** What a Secret keeps when its content is replaced. */
type Identity = Pick<SecretObject["metadata"], "uid" | "creationTimestamp">;

/** The labelled Secrets: those that users wrote to the directory, and the credentials Secrets of Applications in the state directory. */
export class SecretTable {
  readonly collection = new FilesCollection<SecretObject>();
  readonly #files: CredentialFiles;
  readonly #versions: Versions;
  readonly #now: () => number;
  readonly #seesUnlabelled: boolean;
  readonly #ours = new Map<string, SecretObject>();
  #theirs: ReadonlyMap<string, SecretObject> = new Map();
  #declared: ReadonlyMap<string, Declared> = new Map();
  /** Namespaces with a file that differs from what is remembered of it. */
  readonly #unremembered = new Set<string>();

  /** `now` returns epoch milliseconds. `seesUnlabelled`: Secrets in the directory need no label. */
  constructor(files: CredentialFiles, versions: Versions, now: () => number, seesUnlabelled = false) {
    this.#seesUnlabelled = seesUnlabelled;
    this.#files = files;
    this.#versions = versions;
    this.#now = now;
  }

  /**
   * Takes what others changed in the files of the state directory: of these keys, or of all. A missing or unreadable file counts
   * as deleted.
   */
  async load(keys?: ReadonlySet<string>): Promise<void> {
    for (const [key, change] of await this.#files.changed(keys)) this.#take(key, change);
  }

  /** The same for all files, at the start. Those with the stamp that is remembered are not read. */
  async loadRemembered(remembered: RememberedFiles): Promise<void> {
    const files = remembered.recall();
    const recalled = (key: string) => {
      const file = files.get(key);
      const secret = file && readManifest(file.manifest, key);
      return secret && { stamp: file.stamp, digest: file.digest, secret };
    };
    for (const [key, change] of await this.#files.changed(undefined, recalled)) this.#take(key, change);
    for (const key of files.keys()) if (!this.#ours.has(key)) this.#unremembered.add(namespaceIn(key));
  }

  /** Makes the next process remember the files as they are known now. */
  remember(remembered: RememberedFiles): void {
    const files = new Map([...this.#unremembered].map((one) => [one, new Map<string, RememberedFile>()]));
    for (const [key, secret] of this.#ours) {
      const known = this.#files.known(key);
      const { namespace = "", name } = secret.metadata;
      if (known) files.get(namespace)?.set(name, { ...known, manifest: manifestOf(secret) });
    }
    for (const [namespace, some] of files) remembered.remember(namespace, some);
  }

  /** Sets the Secrets that the directory declares. */
  declare(declared: ReadonlyMap<string, Declared>): void {
    const before = this.#declared;
    this.#declared = new Map(
      [...declared.values()]
        .filter(({ kind }) => kind === "Secret")
        .map((one) => [oneCopy(objectKey(one.namespace, one.name)), one]),
    );
    const theirs = new Map<string, SecretObject>();
    for (const [key, one] of this.#declared) {
      if (one.labels[LABEL_CREDENTIALS] !== "true" && !this.#seesUnlabelled) continue;
      const known = before.get(key) === one ? this.#theirs.get(key) : undefined;
      theirs.set(key, known ?? this.#secretOf(one, this.#theirs.get(key)));
    }
    const changed = [...new Set([...this.#theirs.keys(), ...theirs.keys()])].filter(
      (key) => this.#theirs.get(key) !== theirs.get(key),
    );
    this.#theirs = theirs;
    for (const key of changed) this.#show(key);
  }

  create(content: CredentialsContent): WriteOutcome {
    const key = objectKey(content.namespace, content.name);
    if (this.#ours.has(key) || this.#declared.has(key)) return { kind: "conflict" };
    return this.#write(content, { uid: newUid(), creationTimestamp: this.#time() });
  }

  restore(content: CredentialsContent, resourceVersion: string): WriteOutcome {
    const old = this.#ours.get(objectKey(content.namespace, content.name));
    if (!old) return { kind: "gone" };
    if (old.metadata.resourceVersion !== resourceVersion) return { kind: "conflict" };
    return this.#write(content, old.metadata);
  }

  delete({ namespace, name, uid }: ObjectRef, resourceVersion: string): WriteOutcome {
    const old = this.#ours.get(objectKey(namespace, name));
    if (!old) return { kind: "gone" };
    const { metadata } = old;
    if (metadata.uid !== uid || metadata.resourceVersion !== resourceVersion) return { kind: "conflict" };
    this.#remove(objectKey(namespace, name));
    return { kind: "written", resourceVersion: this.#versions.next() };
  }

  /** Deletes the Secrets of deleted owners, as the garbage collector does. */
  ownerGone(uid: string): void {
    for (const [key, { metadata }] of [...this.#ours]) {
      if (metadata.ownerReferences?.some((owner) => owner.uid === uid)) this.#remove(key);
    }
  }

  /** Deletes orphans: a crash between the deletion of an object and of its Secret leaves one, which would block a new object of that name. */
  ownersAre(living: ReadonlySet<string>): void {
    for (const [key, { metadata }] of [...this.#ours]) {
      const owners = metadata.ownerReferences ?? [];
      if (owners.length > 0 && !owners.some(({ uid }) => living.has(uid))) this.#remove(key);
    }
  }

  #write(content: CredentialsContent, { uid, creationTimestamp }: Identity): WriteOutcome {
    const key = objectKey(content.namespace, content.name);
    const text = credentialsManifest(content);
    this.#files.write(key, text);
    const version = this.#put(key, secretOfContent(content), { uid, creationTimestamp });
    this.#unremembered.add(content.namespace);
    return { kind: "written", resourceVersion: version };
  }

  #remove(key: string): void {
    this.#files.remove(key);
    this.#take(key, undefined);
  }

  #take(key: string, change: Change): void {
    const isRecalled = typeof change === "object";
    const read = () => (change === undefined ? undefined : readManifest(parseManifest(String(change)), key));
    const known = this.#ours.get(key)?.metadata;
    const identity = known ?? { uid: newUid(), creationTimestamp: this.#time() };
    this.#put(key, isRecalled ? change.secret : read(), identity);
    if (!isRecalled) this.#unremembered.add(namespaceIn(key));
  }

  #put(key: string, secret: SecretObject | undefined, meta: Identity): string {
    const version = this.#versions.next();
    if (!secret) this.#ours.delete(key);
    else {
      const [uid, creationTimestamp] = [meta.uid, oneCopy(meta.creationTimestamp)];
      const metadata = { ...secret.metadata, uid, creationTimestamp, resourceVersion: version };
      this.#ours.set(oneCopy(key), { ...secret, metadata });
    }
    this.#show(key);
    return version;
  }

  #show(key: string): void {
    this.collection.put(key, this.#theirs.get(key) ?? this.#ours.get(key));
  }

  #secretOf({ namespace, name, labels, spec }: Declared, old: SecretObject | undefined): SecretObject {
    return {
      metadata: {
        namespace,
        name,
        labels,
        uid: old?.metadata.uid ?? newUid(),
        creationTimestamp: old?.metadata.creationTimestamp ?? this.#time(),
        resourceVersion: this.#versions.next(),
      },
      ...(spec as SecretContent),
    };
  }

  #time(): string {
    return timestamp(this.#now());
  }
}

function namespaceIn(key: string): string {
  return key.split("/")[0] ?? "";
}
