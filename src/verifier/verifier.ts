import { Registry } from "prom-client";
import { type Logger, reasonOf } from "../observe/logger.ts";
import { ProbeServer } from "../observe/probes.ts";
import { type VerifierMetrics, verifierMetrics } from "../observe/verifierMetrics.ts";
import type { Allow } from "../policy/decision.ts";
import { ProjectionIndex } from "../policy/projectionIndex.ts";
import type { NearMiss } from "../signing/nearMiss.ts";
import { Allowance } from "./allowance.ts";
import { createChecker, type Outcome } from "./checker.ts";
import { KeyMemory } from "./keyMemory.ts";
import { ObservedProxy } from "./observedProxy.ts";
import { VerifierServer } from "./server.ts";

export interface VerifierOptions {
  readonly listen: string;
  readonly metricsListen: string;
  readonly maxRequestBytes: number;
  readonly keepAuthorization: boolean;
  readonly drainMs: number;
  readonly errorDetail: "full" | "code-only";
}

export interface VerifierDeps {
  readonly logger: Logger;
  readonly isReady: () => boolean;
  /** Milliseconds. */
  readonly staleness: () => number;
  readonly registry?: Registry;
  /** Brings gauges of others in the registry up to date before a scrape. */
  readonly refresh?: () => void;
  /** Epoch milliseconds; the machine's clock unless told. */
  readonly now?: () => number;
}

/** Applications beyond these share the series `other`. */
const MAX_LABELLED = 1_000;

/** Each costs a few milliseconds at most. */
const NEAR_MISSES_PER_SECOND = 5;

/** A verifier: the index that its feed fills, the gRPC port that decides on it, and the port for metrics and probes. */
export class Verifier {
  readonly index = new ProjectionIndex();
  readonly #server: VerifierServer;
  readonly #probes: ProbeServer;
  readonly #metrics: VerifierMetrics;
  readonly #deps: VerifierDeps;
  readonly #proxy = new ObservedProxy();
  /** Applications that have a series of their own. */
  readonly #open = new Set<string>();

  constructor(options: VerifierOptions, deps: VerifierDeps) {
    const registry = deps.registry ?? new Registry();
    this.#deps = deps;
    this.#metrics = verifierMetrics(registry);
    this.#metrics.maxRequestBytes.set(options.maxRequestBytes);
    const check = createChecker(
      {
        index: this.index,
        memory: new KeyMemory(),
        nearMisses: new Allowance(NEAR_MISSES_PER_SECOND),
        isReady: deps.isReady,
        now: deps.now ?? Date.now,
        onCheck: (attributes, left) => this.#proxy.note(attributes, left, options.maxRequestBytes),
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

  #note({ code, decision, wouldVerifyWith }: Outcome): void {
    this.#metrics.decisions.inc({ code });
    if (decision?.kind === "allow") this.#noteForm(decision);
    const application = decision?.kind === "deny" ? decision.caller?.application : undefined;
    if (code !== "Allowed") this.#deps.logger.debug({ code, application }, "refused");
    if (!wouldVerifyWith) return;
    this.#metrics.nearMisses.inc({ setting: settingOf(wouldVerifyWith) });
    this.#deps.logger.info(
      { ...wouldVerifyWith },
      "a refused request would verify under other settings of its Application",
    );
  }

  #noteForm({ form, openVariants, application }: Allow): void {
    this.#metrics.forms.inc({ form });
    if (openVariants.length === 0) return;
    if (this.#open.size < MAX_LABELLED) this.#open.add(application);
    const label = this.#open.has(application) ? application : "other";
    for (const variant of openVariants) this.#metrics.openVariants.inc({ variant, application: label });
  }

  #refresh(): void {
    this.#deps.refresh?.();
    const { applications, grants, domains, unreadable } = this.index.counts();
    const staleness = this.#deps.staleness();
    this.#metrics.ready.set(this.#deps.isReady() ? 1 : 0);
    this.#metrics.staleness.set(Number.isFinite(staleness) ? staleness / 1_000 : -1);
    this.#metrics.projections.set({ kind: "Application" }, applications);
    this.#metrics.projections.set({ kind: "ApiGrant" }, grants);
    this.#metrics.projections.set({ kind: "ApiDomain" }, domains);
    this.#metrics.projections.set({ kind: "unreadable" }, unreadable);
    this.#metrics.proxy.reset();
    for (const [sign, count] of this.#proxy.counts()) this.#metrics.proxy.inc({ sign }, count);
  }
}

/** What to set, such as `parameters: Decoded` or `openVariants: FormNotSigned`. */
function settingOf({ parameters, openVariants = [] }: NearMiss): string {
  const named = openVariants.length > 0 ? `openVariants: ${openVariants.join(" ")}` : "";
  return [parameters === undefined ? "" : `parameters: ${parameters}`, named].filter(Boolean).join(", ");
}
