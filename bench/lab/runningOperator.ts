import type { ApiServer } from "../../test/support/apiServer.ts";
import { eventually } from "../../test/support/events.ts";
import { figuresOf, type ProcessFigures, processTree } from "./processFigures.ts";
import { type Keeper, startProgram } from "./programs.ts";

type Program = Awaited<ReturnType<typeof startProgram>>;

/** The operator of a live cluster. */
export class RunningOperator {
  readonly #server: ApiServer;
  readonly #keeper: Keeper;
  #program: Program;
  #starts = 1;

  private constructor(server: ApiServer, keeper: Keeper, program: Program) {
    this.#server = server;
    this.#keeper = keeper;
    this.#program = program;
  }

  static async start(server: ApiServer, keeper: Keeper): Promise<RunningOperator> {
    return new RunningOperator(server, keeper, await startProgram(keeper, server, "operator", 0, []));
  }

  figures(): ProcessFigures {
    return figuresOf(processTree(this.#program.pid));
  }

  /** Stops the process and starts another one; resolves when that has reconciled `objects` objects, and none is left to reconcile. */
  async restart(objects: number, limitMs: number): Promise<void> {
    await this.#program.stop();
    this.#program = await startProgram(this.#keeper, this.#server, "operator", this.#starts++, []);
    await eventually(
      async () => (await this.reconciles()) >= objects && (await this.#sum("countersign_queue_depth")) === 0,
      { timeoutMs: limitMs, intervalMs: 250 },
    );
  }

  /** How many reconciles it has completed. */
  reconciles(): Promise<number> {
    return this.#sum("countersign_reconcile_total");
  }

  async #sum(metric: string): Promise<number> {
    const [, url = ""] = await this.#program.waitFor(/"metrics":"([^"]+)"/);
    const answer = await fetch(`${url.startsWith("http") ? url : `http://${url}`}/metrics`);
    return sumOf(await answer.text(), (series) => series.startsWith(metric));
  }
}

/** The sum of the series in the text of a metrics endpoint that `isWanted` names. */
export function sumOf(text: string, isWanted: (series: string) => boolean): number {
  return text
    .split("\n")
    .filter((line) => !line.startsWith("#") && isWanted(line))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}

/** How many requests an API server has served for Countersign's objects and Secrets. */
export interface Served {
  readonly writes: number;
  /** Reads of one object; lists and watches do not count. */
  readonly reads: number;
}

const OURS = /^apiserver_request_total\{.*resource="(?:applications|apigrants|apidomains|secrets)"/;
const WRITE = /verb="(?:POST|PUT|PATCH|APPLY|DELETE)"/;

export async function requestsServed(server: ApiServer): Promise<Served> {
  return servedIn(await server.kubectl(["get", "--raw", "/metrics"]));
}

/** The counts in the text of an API server's metrics. */
export function servedIn(metrics: string): Served {
  const sum = (verb: RegExp) => sumOf(metrics, (series) => OURS.test(series) && verb.test(series));
  return { writes: sum(WRITE), reads: sum(/verb="GET"/) };
}
