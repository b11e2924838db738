import { join } from "node:path";
import type { Projection } from "../../src/projection/documents.ts";
import type { ApiServer } from "../../test/support/apiServer.ts";
import { countersignOutput } from "../../test/support/cluster.ts";
import { FigureBook } from "../figures.ts";
import { seed, startControlPlane } from "./controlPlane.ts";
import { type Cores, findCores } from "./cores.ts";
import { type LiveCluster, startLiveCluster } from "./liveCluster.ts";
import type { LoadResult } from "./load.ts";
import { mixedProjections, POPULATION } from "./schemeWorld.ts";
import { type ServerUnderTest, startReference, startStandalone, startVerifier } from "./servers.ts";
import { projections, writeResources } from "./world.ts";

/** Which Applications a verifier of the part `schemes` has. */
export type SchemesWorld = "all" | "Tencent alone";

/** Applications in the worlds of most parts. */
export const CROWD = 10_000;

/** No transport is named: the program's default. */
const NONE = "";

/** What the parts of a run share: the machine, the servers that are already there, and the book that figures go into. */
export class Lab {
  readonly book = new FigureBook();
  readonly cores: Cores = findCores();
  /** A temporary folder. */
  readonly folder: string;
  readonly quick: boolean;
  /** So many Applications for the part `operator`, instead of its own numbers. */
  readonly count: number | undefined;
  /** The bundle of an earlier build, for the part `schemes`. */
  readonly against: string | undefined;
  readonly say: (line: string) => void;
  readonly #transport: string;
  readonly #shared = new Map<string, Promise<unknown>>();
  readonly #stops: (() => Promise<unknown>)[] = [];

  constructor(options: {
    readonly folder: string;
    readonly quick: boolean;
    readonly count?: number | undefined;
    readonly against?: string | undefined;
    readonly transport: string | undefined;
    readonly say: (line: string) => void;
  }) {
    this.folder = options.folder;
    this.quick = options.quick;
    this.count = options.count;
    this.against = options.against;
    this.say = options.say;
    this.#transport = options.transport ?? NONE;
  }

  /** The first where everything is measured, the second in a quick run. */
  pick<T>(full: T, quick: T): T {
    return this.quick ? quick : full;
  }

  /** Ends what was started when the run is over. */
  defer(stop: () => Promise<unknown>): void {
    this.#stops.push(stop);
  }

  /** An API server that only holds projections. */
  controlPlane(): Promise<ApiServer> {
    return this.#once("API server", async () => {
      this.say("starting an API server …");
      const server = await startControlPlane();
      this.defer(() => server.stop());
      return server;
    });
  }

  /** A cluster as users have one, with an operator. */
  liveCluster(): Promise<LiveCluster> {
    return this.#once("live cluster", () => startLiveCluster(this));
  }

  /** The reference with the callers of 10,000 Applications. */
  reference(): Promise<ServerUnderTest> {
    return this.#once("reference", () => this.#running(startReference(this.cores, this.folder, CROWD)));
  }

  /** A verifier with so many Applications, and the run's transport unless another is named. */
  verifier(count = CROWD, transport = this.#transport): Promise<ServerUnderTest> {
    return this.#once(`verifier ${count} ${transport}`, () =>
      this.#running(this.startVerifier(count, transport)),
    );
  }

  /** One more of them, which the caller stops. */
  async startVerifier(count: number, transport = this.#transport): Promise<ServerUnderTest> {
    const server = await this.controlPlane();
    const namespace = await this.#world(server, count);
    const flags = ["--data-namespace", namespace, ...transportFlags(transport)];
    return await startVerifier(this.cores, server, flags);
  }

  /** A verifier with as many Applications of each scheme, or with those of Tencent alone; of this build, unless a bundle is given. */
  schemesVerifier(
    world: SchemesWorld = "all",
    bundle?: string,
    more: readonly string[] = [],
  ): Promise<ServerUnderTest> {
    return this.#once(`schemes ${world} ${bundle ?? ""} ${more.join(" ")}`, async () => {
      const server = await this.controlPlane();
      const namespace =
        world === "all" ? await this.#mixedWorld(server) : await this.#world(server, POPULATION);
      const flags = ["--data-namespace", namespace, ...transportFlags(this.#transport), ...more];
      return await this.#running(startVerifier(this.cores, server, flags, bundle));
    });
  }

  /** `standalone` with so many Applications, which another part has kept, or which starts for the first time. */
  standalone(count: number): Promise<ServerUnderTest> {
    return this.#once(`standalone ${count}`, async () => {
      this.say(`standalone: first start with ${count} Applications …`);
      return await this.#running(this.startStandalone(count));
    });
  }

  /** Starts `standalone` with so many Applications, which the caller stops or keeps; again after the first time. */
  async startStandalone(count: number, limitSeconds?: number): Promise<ServerUnderTest> {
    const { directory, state } = await this.#resources(count);
    return await startStandalone(this.cores, directory, state, {
      flags: transportFlags(this.#transport),
      ...(limitSeconds === undefined ? {} : { limitSeconds }),
    });
  }

  /** Lets other parts use a `standalone` that is running already. */
  keepStandalone(count: number, server: ServerUnderTest): void {
    this.defer(() => server.stop());
    this.#shared.set(`standalone ${count}`, Promise.resolve(server));
  }

  /** The values of `countersign verifier --transport`, the default first; [""] for a program that has one transport. */
  transports(): Promise<readonly string[]> {
    return this.#once("transports", async () => {
      if (this.#transport !== NONE) return [this.#transport];
      return transportsIn(await countersignOutput(["verifier", "--help"]));
    });
  }

  /** Records one round of a closed loop under this name. */
  record(name: string, result: LoadResult): void {
    this.book.add(`${name} / rate`, "1/s", result.answered / result.seconds);
    this.book.add(`${name} / CPU per call`, "µs", (result.cpuSeconds / result.answered) * 1e6);
    this.book.add(`${name} / core used`, "", result.cpuSeconds / result.seconds);
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop().catch(() => undefined);
  }

  /** Registers a server that is being started, to be stopped with the lab. */
  async #running(starting: Promise<ServerUnderTest>): Promise<ServerUnderTest> {
    const server = await starting;
    this.defer(() => server.stop());
    return server;
  }

  /** A directory of resources with so many Applications, and the state directory of a `standalone` over it. */
  #resources(count: number): Promise<{ readonly directory: string; readonly state: string }> {
    return this.#once(`resources ${count}`, async () => {
      const directory = join(this.folder, `resources-${count}`);
      await writeResources(directory, count);
      return { directory, state: join(this.folder, `state-${count}`) };
    });
  }

  #world(server: ApiServer, count: number): Promise<string> {
    return this.#seeded(server, `bench-${count}`, () => projections(count));
  }

  #mixedWorld(server: ApiServer): Promise<string> {
    return this.#seeded(server, "bench-schemes", mixedProjections);
  }

  #seeded(server: ApiServer, namespace: string, documents: () => readonly Projection[]): Promise<string> {
    return this.#once(namespace, async () => {
      this.say(`writing the projections of the world ${namespace} …`);
      await server.kubectl(["create", "namespace", namespace]);
      await seed(server, namespace, documents());
      return namespace;
    });
  }

  #once<T>(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#shared.get(key) ?? make();
    this.#shared.set(key, known);
    return known as Promise<T>;
  }
}

function transportFlags(transport: string): readonly string[] {
  return transport === NONE ? [] : ["--transport", transport];
}

/** The choices of `--transport` in the program's help, the default first. */
export function transportsIn(help: string): readonly string[] {
  const text = /--transport [\s\S]*?(?=\n +-|\n\n)/.exec(help)?.[0].replaceAll(/\s+/g, " ") ?? "";
  const listed = /choices: ((?:"[^"]+",? ?)+)/.exec(text)?.[1] ?? "";
  const choices = [...listed.matchAll(/"([^"]+)"/g)].map(([, choice = ""]) => choice);
  const standard = /default: "([^"]+)"/.exec(text)?.[1];
  if (choices.length === 0 || standard === undefined) return [NONE];
  return [standard, ...choices.filter((choice) => choice !== standard)];
}

/**
 * Of a full run, for what is compared by the medians of ratios. Many and short: what other programs take on a shared machine changes within
 * seconds.
 */
export const ROUNDS = 21;

/** Measures each variant once in a round, so that what changes on the machine meanwhile meets all of them. */
export async function interleave<T>(
  rounds: number,
  variants: readonly T[],
  measure: (variant: T, round: number) => Promise<unknown>,
): Promise<void> {
  for (let round = 0; round < rounds; round++) for (const variant of variants) await measure(variant, round);
}
