import { classOf } from "../../api/class.ts";
import type { ObjectMeta } from "../../api/meta.ts";
import { objectKey } from "../../api/names.ts";
import type { Kind } from "../../api/vocabulary.ts";
import { type Clock, systemClock } from "../../base/clock.ts";
import { errorCode } from "../../base/errorCode.ts";
import type { Projection } from "../../projection/documents.ts";
import type { Change, ProjectionSink } from "../../projection/feed.ts";
import {
  type Collection,
  type CredentialsContent,
  type NamespaceObject,
  type ObjectEvent,
  type ObjectRef,
  type PodObject,
  type StatusContent,
  type Store,
  StoreUnavailable,
  type UseRecord,
  type VerifierLease,
  type WriteOutcome,
} from "../store.ts";
import { FilesCollection } from "./collection.ts";
import { CredentialFiles } from "./credentials/credentialFiles.ts";
import { RememberedFiles } from "./credentials/rememberedFiles.ts";
import { type Declarations, YamlDirectory } from "./directory.ts";
import { type Effective, effective } from "./effective.ts";
import { NamespaceTable } from "./namespaces.ts";
import { ObjectTable } from "./objects.ts";
import { ProjectionTable } from "./projections.ts";
import { RouteTable } from "./routes.ts";
import { SecretTable } from "./secrets.ts";
import { StateDirectory } from "./state/stateDirectory.ts";
import { readUse, removeUse, writeUse } from "./state/useRecords.ts";
import { ValidFiles } from "./state/validFiles.ts";
import { Versions } from "./versions.ts";
import type { Changes } from "./watch/changes.ts";
import { FolderWatch } from "./watch/folderWatch.ts";
import { LOOK_EVERY_MS, Lookout } from "./watch/lookout.ts";
import type { FileProblem } from "./yaml/parsedFile.ts";

export interface FilesStoreOptions {
  /** The directory of YAML. */
  readonly directory: string;
  readonly stateDirectory: string;
  /** The verifier of this process: it has applied a projection once its write returns. */
  readonly sink?: ProjectionSink;
  /** The report of the uses that the verifier of this process records; default: none are recorded. */
  readonly uses?: () => string;
  /** Called with all problems of the files, whenever they change. */
  readonly onProblems?: (problems: readonly FileProblem[]) => void;
  /** How long a file may be missing before its objects are deleted; default: 2 s. */
  readonly graceMs?: number;
  /** Only objects of this class are used; "" for those without one (default), "*" for all. */
  readonly className?: string;
  /**
   * Identifies the build of this program and the version of Node, so that files which it read are neither read nor validated again
   * at the next start. Undefined: they are.
   */
  readonly program?: string | undefined;
  /** For a dry run: the state is not durable, and Secrets to import from need no label. */
  readonly isDryRun?: boolean;
  /** Default: the machine's clock, which is also the clock of the file times. */
  readonly clock?: Clock;
}

/** The Store on a directory of YAML files, which users write, and a state directory, which has the fields that an API server would add. */
export class FilesStore implements Store {
  readonly #options: FilesStoreOptions;
  readonly #clock: Clock;
  readonly #state: StateDirectory;
  readonly #versions = new Versions();
  readonly #directory: YamlDirectory;
  readonly #objects: ObjectTable;
  readonly #files: CredentialFiles;
  readonly #remembered: RememberedFiles | undefined;
  readonly #secrets: SecretTable;
  readonly #projections: ProjectionTable;
  readonly #namespaces = new NamespaceTable(this.#versions);
  readonly routes = new RouteTable(this.#versions);
  /** There are no Pods: the only verifier is this process. */
  readonly pods = new FilesCollection<PodObject>();
  readonly podNamespace = "";
  #renewals = 0;
  #effective: Effective = { objects: new Map(), missing: new Map() };
  #declarations: Declarations | undefined;
  #problems = "";
  #isDying = false;
  #wasUnreadable = false;
  readonly #watcher = new FolderWatch((folder, name) => this.#changed(folder, name));
  readonly #lookout: Lookout;

  constructor(options: FilesStoreOptions) {
    const clock = options.clock ?? systemClock;
    const now = () => clock.wall();
    this.#clock = clock;
    this.#options = options;
    this.#lookout = new Lookout({
      clock,
      look: (changes) => this.#look(changes),
      onFailed: (error) => this.#failed(error),
    });
    this.#state = new StateDirectory(options.stateDirectory, options.isDryRun !== true);
    const { program } = options;
    const valid = program === undefined ? {} : { valid: new ValidFiles(this.#state, program) };
    this.#directory = new YamlDirectory(options.directory, now, valid);
    this.#remembered = program === undefined ? undefined : new RememberedFiles(this.#state, program);
    this.#files = new CredentialFiles(options.stateDirectory, now);
    this.#secrets = new SecretTable(this.#files, this.#versions, now, options.isDryRun === true);
    this.#projections = new ProjectionTable(this.#state, this.#versions, options.sink);
    this.#objects = new ObjectTable({
      state: this.#state,
      versions: this.#versions,
      now,
      onGone: ({ metadata }) => {
        this.#secrets.ownerGone(metadata.uid);
        this.#lookout.after(0);
      },
    });
  }

  get applications() {
    return this.#objects.applications;
  }

  get grants() {
    return this.#objects.grants;
  }

  get domains() {
    return this.#objects.domains;
  }

  get namespaces(): Collection<NamespaceObject> {
    return this.#namespaces.collection;
  }

  get secrets() {
    return this.#secrets.collection;
  }

  get projections() {
    return this.#projections.collection;
  }

  /** Throws StateDirectoryProblem if the state directory cannot be used. */
  async start(signal: AbortSignal): Promise<void> {
    this.#state.open();
    signal.addEventListener("abort", () => this.#stop(), { once: true });
    if (!this.#options.uses) removeUse(this.#state);
    this.#objects.load();
    if (this.#remembered) await this.#secrets.loadRemembered(this.#remembered);
    else await this.#secrets.load();
    this.#secrets.ownersAre(new Set([...this.applications.values()].map(({ metadata }) => metadata.uid)));
    this.#projections.load();
    this.#effective = { objects: new Map(this.#objects.declared()), missing: new Map() };
    this.#watch();
    await this.look();
    if (signal.aborted) this.#stop();
  }

  #watch(): void {
    this.#watcher.keep([this.#options.directory, this.#files.path, ...this.#files.folders()]);
  }

  /** Changes are only hints where to look. */
  #changed(folder: string, name: string): void {
    this.#lookout.soon((changes) => {
      if (folder === this.#options.directory) changes.addFile(name);
      else changes.addCredentials(this.#files.path, folder, name);
    });
  }

  get #graceMs(): number {
    return this.#options.graceMs ?? 2_000;
  }

  /** Whether nothing is pending: no file is missing for less than the grace period, and no object is being deleted. */
  get isSettled(): boolean {
    return this.#effective.missing.size === 0 && !this.#isDying;
  }

  /** Looks at all files. Resolves once what they declare is in the collections. */
  look(): Promise<void> {
    return this.#lookout.all();
  }

  async #look({ names: changed, keys }: Changes): Promise<void> {
    const began = performance.now();
    const names = this.isSettled && !this.#wasUnreadable ? changed : undefined;
    const read = await this.#directory.read((id) => this.#objects.old(id), names);
    const tookMs = performance.now() - began;
    await this.#lookAtCredentials(keys);
    if (this.#lookout.isStopped) return;
    this.#takeRead(read);
    await this.#state.commit();
    if (keys === undefined) this.#watch();
    if (!this.isSettled) this.#lookout.after(Math.min(this.#graceMs / 4 + 1, LOOK_EVERY_MS));
    else if (names === undefined || this.#wasUnreadable) this.#lookout.afterLook(tookMs);
  }

  async #lookAtCredentials(keys: ReadonlySet<string> | undefined): Promise<void> {
    const began = performance.now();
    await this.#secrets.load(keys);
    if (keys === undefined) this.#lookout.sawCredentials(performance.now() - began);
  }

  #takeRead(read: Declarations | FileProblem): void {
    const isReadable = "objects" in read;
    this.#report(isReadable ? read.problems : [read]);
    // While the directory cannot be read, missing files cannot be detected: the grace period restarts once it is readable.
    if (!isReadable) this.#effective = { objects: this.#effective.objects, missing: new Map() };
    const isNew = isReadable && (read !== this.#declarations || this.#wasUnreadable);
    this.#wasUnreadable = !isReadable;
    if (isReadable) this.#declarations = read;
    if (isReadable && (isNew || !this.isSettled)) this.#take(read);
  }

  /** A write to the state directory failed: reported like any other problem, and retried. */
  #failed(error: unknown): void {
    if (this.#lookout.isStopped) return;
    const message = `${reasonOf(error)}: make room, or mend its permissions`;
    this.#report([{ file: this.#state.path, line: 1, field: "", message }]);
    this.#declarations = undefined;
    this.#lookout.after(LOOK_EVERY_MS);
  }

  #take(declarations: Declarations): void {
    const { className = "" } = this.#options;
    this.#effective = effective(this.#effective, declarations, {
      time: this.#clock.monotonic(),
      graceMs: this.#graceMs,
    });
    const { objects } = this.#effective;
    this.#namespaces.take(objects, [...this.applications.values(), ...this.grants.values()]);
    this.#secrets.declare(objects);
    this.routes.take(objects);
    this.#isDying = this.#objects.take(
      new Map([...objects].filter(([, declared]) => className === "*" || classOf(declared) === className)),
    );
  }

  #report(problems: readonly FileProblem[]): void {
    const text = JSON.stringify(problems);
    if (text === this.#problems || (this.#problems === "" && problems.length === 0)) return;
    this.#problems = text;
    this.#options.onProblems?.(problems);
  }

  #stop(): void {
    if (this.#lookout.isStopped) return;
    this.#lookout.stop();
    this.#watcher.close();
    if (this.#remembered) this.#secrets.remember(this.#remembered);
    this.#state.close();
  }

  async readObject(kind: Kind, namespace: string, name: string): Promise<ObjectMeta | undefined> {
    return this.#objects.get(kind, objectKey(namespace, name))?.metadata;
  }

  async readProjectionVersion(name: string): Promise<string | undefined> {
    return this.projections.get(name)?.resourceVersion;
  }

  writeFinalizers(
    object: ObjectRef,
    finalizers: readonly string[],
    resourceVersion: string,
  ): Promise<WriteOutcome> {
    return this.#durable(() =>
      this.#objects.write(object, resourceVersion, (old) => ({
        ...old,
        metadata: { ...old.metadata, finalizers },
      })),
    );
  }

  writeStatus(object: ObjectRef, status: StatusContent, resourceVersion: string): Promise<WriteOutcome> {
    const plain = JSON.parse(JSON.stringify(status));
    return this.#durable(() =>
      this.#objects.write(object, resourceVersion, (old) => ({ ...old, status: plain })),
    );
  }

  createProjection(document: Projection, change: Change): Promise<WriteOutcome> {
    return this.#durable(() => this.#projections.create(document, change));
  }

  replaceProjection(document: Projection, change: Change, resourceVersion: string): Promise<WriteOutcome> {
    return this.#durable(() => this.#projections.replace(document, change, resourceVersion));
  }

  deleteProjection(name: string, resourceVersion: string): Promise<WriteOutcome> {
    return this.#durable(() => this.#projections.delete(name, resourceVersion));
  }

  /** Makes a write and waits until it is durable. The collections have it before. */
  async #durable(write: () => WriteOutcome): Promise<WriteOutcome> {
    const outcome = write();
    try {
      await this.#state.commit();
    } catch (error) {
      this.#failed(error);
      throw error;
    }
    return outcome;
  }

  async createCredentials(content: CredentialsContent): Promise<WriteOutcome> {
    await this.#state.commit();
    return this.#secrets.create(content);
  }

  async restoreCredentials(content: CredentialsContent, resourceVersion: string): Promise<WriteOutcome> {
    await this.#state.commit();
    return this.#secrets.restore(content, resourceVersion);
  }

  async deleteCredentials(secret: ObjectRef, resourceVersion: string): Promise<WriteOutcome> {
    await this.#state.commit();
    return this.#secrets.delete(secret, resourceVersion);
  }

  /** The verifier of this process, which has applied every write; none without a sink. */
  async listVerifiers(): Promise<readonly VerifierLease[]> {
    if (!this.#options.sink) return [];
    // Each list renews it, as a running process renews its Lease.
    this.#renewals += 1;
    return [
      {
        name: "standalone",
        holder: `process-${process.pid}`,
        applied: this.#projections.applied,
        leaseDurationSeconds: 3_600,
        ...(this.#options.uses ? { use: this.#options.uses() } : {}),
        resourceVersion: String(this.#renewals),
      },
    ];
  }

  /** This process is alive, so its Lease is never deleted. */
  async deleteVerifier(): Promise<WriteOutcome> {
    return { kind: "conflict" };
  }

  async readPod(): Promise<undefined> {
    return undefined;
  }

  async readUseRecord(): Promise<UseRecord | undefined> {
    return readUse(this.#state, this.#clock.wall());
  }

  writeUseRecord(record: UseRecord): Promise<WriteOutcome> {
    return this.#durable(() => {
      writeUse(this.#state, record);
      return { kind: "written", resourceVersion: "" };
    });
  }

  async recordEvent(_: ObjectEvent): Promise<void> {}
}

function reasonOf(error: unknown): string {
  return error instanceof StoreUnavailable
    ? error.message
    : `the state directory cannot be written (${errorCode(error)})`;
}
