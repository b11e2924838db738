import { Registry } from "prom-client";
import { type Logger, reasonOf } from "../observe/logger.ts";
import { type VerifierMetrics, verifierMetrics } from "../observe/metrics.ts";
import { ProbeServer } from "../observe/probes.ts";
import { ProjectionIndex } from "../policy/projectionIndex.ts";
import { createChecker, type Outcome } from "./checker.ts";
import { VerifierServer } from "./server.ts";

export interface VerifierOptions {
  readonly listen: string;
  readonly metricsListen: string;
  readonly maxRequestBytes: number;
  readonly keepAuthorization: boolean;
  readonly drainMs: number;
}

export interface VerifierDeps {
  readonly logger: Logger;
  readonly isReady: () => boolean;
  /** Milliseconds. */
  readonly staleness: () => number;
  readonly registry?: Registry;
}

/** A verifier: the index that its feed fills, the gRPC port that decides on it, and the port for metrics and probes. */
export class Verifier {
  readonly index = new ProjectionIndex();
  readonly #server: VerifierServer;
  readonly #probes: ProbeServer;
  readonly #metrics: VerifierMetrics;
  readonly #deps: VerifierDeps;

  constructor(options: VerifierOptions, deps: VerifierDeps) {
    const registry = deps.registry ?? new Registry();
    this.#deps = deps;
    this.#metrics = verifierMetrics(registry);
    const check = createChecker(
      {
        index: this.index,
        isReady: deps.isReady,
        now: () => Date.now(),
        onOutcome: (outcome) => this.#note(outcome),
        onError: (error) =>
          deps.logger.error({ reason: reasonOf(error) }, "a decision failed and was refused"),
      },
      options,
    );
    const timed = (bytes: Buffer, deadline: number) => {
      const stop = this.#metrics.duration.startTimer();
      const answer = check(bytes, deadline);
      stop();
      return answer;
    };
    this.#server = new VerifierServer(timed, deps.isReady, options);
    this.#probes = new ProbeServer({
      listen: options.metricsListen,
      registry,
      isReady: deps.isReady,
      refresh: () => this.#refresh(),
    });
  }

  /** Opens both ports; answers their addresses. */
  async start(): Promise<{ readonly grpc: string; readonly metrics: string }> {
    return { grpc: await this.#server.start(), metrics: await this.#probes.start() };
  }

  /** Readiness may have changed: tells those who watch the health service. */
  announce(): void {
    this.#server.announce();
  }

  /** Drains the gRPC port, then closes the other one, so that probes see the draining. */
  async stop(): Promise<void> {
    await this.#server.drain();
    await this.#probes.stop();
  }

  #note({ code, decision }: Outcome): void {
    this.#metrics.decisions.inc({ code });
    if (decision?.kind === "allow") this.#metrics.forms.inc({ form: decision.form });
    if (code !== "Allowed")
      this.#deps.logger.debug(
        { code, application: decision?.kind === "deny" ? decision.caller?.application : undefined },
        "refused",
      );
  }

  #refresh(): void {
    const { applications, grants, domains, unreadable } = this.index.counts();
    const staleness = this.#deps.staleness();
    this.#metrics.ready.set(this.#deps.isReady() ? 1 : 0);
    this.#metrics.staleness.set(Number.isFinite(staleness) ? staleness / 1_000 : -1);
    this.#metrics.projections.set({ kind: "Application" }, applications);
    this.#metrics.projections.set({ kind: "ApiGrant" }, grants);
    this.#metrics.projections.set({ kind: "ApiDomain" }, domains);
    this.#metrics.projections.set({ kind: "unreadable" }, unreadable);
  }
}
