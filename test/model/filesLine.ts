import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { objectKey } from "../../src/api/names.ts";
import { untilReconciled } from "../../src/cli/shared/reconcile/untilReconciled.ts";
import { type Operator, startOperator } from "../../src/operator/controller.ts";
import { ProjectionIndex } from "../../src/policy/index/projectionIndex.ts";
import { FilesStore } from "../../src/store/files/filesStore.ts";
import type { Manifest } from "../store/behaviour.ts";
import { eventually } from "../support/events.ts";
import { silentMeter } from "../support/operatorHarness.ts";
import { changeRecord } from "../support/stateRecords.ts";
import { MEMORY_FOLDER, removeFolder, temporaryFolder } from "../support/temporaryFolder.ts";
import { asking, ShiftedClock } from "./asking.ts";
import { type Answer, type Credentials, type Line, pairIn, type SeenObject } from "./line.ts";
import type { Call } from "./world.ts";

/** One process of `standalone`, put together as the command does it. */
interface Running {
  readonly store: FilesStore;
  readonly operator: Operator;
  readonly controller: AbortController;
  readonly ask: (call: Call, credentials: Pick<Credentials, "key" | "secret">) => Answer;
}

/** The whole line in one process over a directory, which is all that a restart leaves. */
export class FilesLine implements Line {
  readonly #folder: string;
  readonly #clock = new ShiftedClock();
  #running: Running | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async create(): Promise<FilesLine> {
    const line = new FilesLine(await temporaryFolder("model", MEMORY_FOLDER));
    await mkdir(line.#directory);
    await line.#start();
    return line;
  }

  get #directory(): string {
    return join(this.#folder, "yaml");
  }

  get #state(): string {
    return join(this.#folder, "state");
  }

  get #now(): Running {
    if (!this.#running) throw new Error("the line does not run");
    return this.#running;
  }

  now(): number {
    return this.#clock.wall();
  }

  pass(ms: number): void {
    this.#clock.pass(ms);
  }

  async provide(manifest: Manifest): Promise<void> {
    await writeFile(this.#fileOf(manifest), JSON.stringify(manifest));
    await this.#now.store.look();
  }

  async apply(manifest: Manifest): Promise<SeenObject> {
    await this.provide(manifest);
    const seen = await this.find(manifest);
    if (!seen) throw new Error(`the store did not take ${JSON.stringify(manifest)}`);
    return seen;
  }

  async remove(manifest: Manifest): Promise<void> {
    await rm(this.#fileOf(manifest));
    await this.#now.store.look();
  }

  async find({ kind, metadata: { namespace, name } }: Manifest): Promise<SeenObject | undefined> {
    const { applications, grants, domains } = this.#now.store;
    const collections = new Map<string, { get(key: string): SeenObject | undefined }>([
      ["Application", applications],
      ["ApiGrant", grants],
      ["ApiDomain", domains],
    ]);
    return collections.get(kind)?.get(objectKey(namespace, name));
  }

  async credentials(namespace: string, application: string): Promise<Credentials | undefined> {
    const data = this.#now.store.secrets.get(`${namespace}/${application}-credentials`)?.data;
    return data && pairIn((key) => data.get(key)?.reveal() ?? "");
  }

  async loseCredentials(namespace: string, application: string): Promise<void> {
    const file = join(this.#state, "credentials", namespace, `${application}-credentials.yaml`);
    await rm(file, { force: true });
    await this.#now.store.look();
  }

  async loseIdentity({ kind, metadata: { namespace, name } }: Manifest): Promise<void> {
    await this.#end();
    changeRecord(this.#state, `objects/${kind}/${namespace ?? "_"}/${name}`, () => undefined);
    await this.#start();
  }

  /** Operator and verifier are one process. */
  async restart(): Promise<void> {
    await this.#end();
    await this.#start();
  }

  async settled(): Promise<void> {
    await eventually(
      async () => {
        await this.#now.operator.idle();
        return this.#now.store.isSettled;
      },
      { intervalMs: 5 },
    );
    await this.#now.operator.idle();
  }

  ask(call: Call, credentials: Pick<Credentials, "key" | "secret">): readonly Answer[] {
    return [this.#now.ask(call, credentials)];
  }

  async stop(): Promise<void> {
    await this.#end();
    await removeFolder(this.#folder);
  }

  async #start(): Promise<void> {
    const controller = new AbortController();
    const index = new ProjectionIndex();
    const store = new FilesStore({
      directory: this.#directory,
      stateDirectory: this.#state,
      sink: index,
      graceMs: 20,
      onProblems: (problems) => {
        throw new Error(JSON.stringify(problems));
      },
    });
    await store.start(controller.signal);
    const log = pino({ level: "silent" });
    const environment = { clock: this.#clock, random: randomBytes, log, meter: silentMeter };
    const operator = startOperator(store, { ...environment, verifierPollMs: 5 }, controller.signal);
    await untilReconciled(store, operator, controller.signal);
    const ask = asking(
      index,
      () => true,
      () => this.#clock.wall(),
    );
    this.#running = { store, operator, controller, ask };
  }

  async #end(): Promise<void> {
    this.#running?.controller.abort();
    await this.#running?.operator.stopped;
    this.#running = undefined;
  }

  #fileOf({ kind, metadata }: Manifest): string {
    return join(this.#directory, `${kind}.${metadata.namespace ?? ""}.${metadata.name}.json`);
  }
}
