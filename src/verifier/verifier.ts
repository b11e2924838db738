import { randomInt } from "node:crypto";
import { Registry } from "prom-client";
import { Allowance } from "../base/allowance.ts";
import { type Clock, systemClock } from "../base/clock.ts";
import { CheckSpans } from "../observe/checkSpans.ts";
import { type Logger, reasonOf } from "../observe/logger.ts";
import { type VerifierMetrics, verifierMetrics } from "../observe/metrics/verifierMetrics.ts";
import { ProbeServer } from "../observe/probes.ts";
import { ProjectionIndex } from "../policy/index/projectionIndex.ts";
import { Account } from "./account/account.ts";
import { type Checker, createChecker } from "./checker.ts";
import { KeyMemory } from "./keyMemory.ts";
import type { UseRecorder } from "./lastUse/useRecorder.ts";
import { MeasuredNonces } from "./nonces/measuredNonces.ts";
import { MemoryNonces } from "./nonces/memoryNonces.ts";
import type { NonceStore } from "./nonces/nonceStore.ts";
import { ObservedProxy } from "./observedProxy.ts";
import type { Checked } from "./outcome.ts";
import { VerifierServer } from "./server.ts";
import { spanOf } from "./spanFacts.ts";
import { type TlsOptions, TlsPort } from "./tls/port.ts";
import type { Call, TransportName } from "./transport/transport.ts";

export interface VerifierOptions {
  readonly listen: string;
  readonly metricsListen: string;
  readonly transport: TransportName;
  readonly maxRequestBytes: number;
  readonly keepAuthorization: boolean;
  readonly drainMs: number;
  readonly errorDetail: "full" | "code-only";
  /** Allow every request that is decided, and report the decision. Default: false. */
  readonly shadow?: boolean;
  /** Without it the gRPC port speaks plaintext. */
  readonly tls?: TlsOptions;
}

export interface VerifierDeps {
  readonly logger: Logger;
  readonly isReady: () => boolean;
  /** Milliseconds. */
  readonly staleness: () => number;
  /** At this staleness every request is denied; milliseconds. Undefined: no limit. */
  readonly maxStaleness?: number;
  readonly registry?: Registry;
  /** Brings gauges of others in the registry up to date before a scrape. */
  readonly refresh?: () => void;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Closed by stop(). Default: the memory of this process. */
  readonly nonces?: NonceStore;
  /** Records the last use of keys and grants. Default: it is not recorded. */
  readonly uses?: UseRecorder;
}

/** Each takes ten milliseconds at most, so in all they take a twentieth of a core at most. */
const NEAR_MISSES_PER_SECOND = 5;

/** A verifier: the index that its feed fills, the gRPC port that decides on it, and the port for metrics and probes. */
export class Verifier {
  readonly index = new ProjectionIndex(randomInt(2 ** 32));
  readonly #server: VerifierServer;
  readonly #probes: ProbeServer;
  readonly #metrics: VerifierMetrics;
  readonly #deps: VerifierDeps;
  readonly #clock: Clock;
  readonly #proxy: ObservedProxy;
  readonly #spans = new CheckSpans();
  readonly #account: Account;
  readonly #nonces: NonceStore;
  readonly #check: Checker;
  readonly #maxRequestBytes: number;

  constructor(options: VerifierOptions, deps: VerifierDeps) {
    const registry = deps.registry ?? new Registry();
    this.#deps = deps;
    this.#clock = deps.clock ?? systemClock;
    this.#maxRequestBytes = options.maxRequestBytes;
    this.#metrics = verifierMetrics(registry);
    this.#metrics.maxRequestBytes.set(options.maxRequestBytes);
    this.#metrics.shadow.set(options.shadow ? 1 : 0);
    this.#metrics.maxStaleness.set((deps.maxStaleness ?? 0) / 1_000);
    this.#account = new Account(this.#metrics, deps.logger, () => this.#clock.wall(), deps.uses);
    this.#nonces = deps.nonces ?? new MemoryNonces(() => this.#clock.monotonic());
    this.#metrics.nonceStore.set({ kind: this.#nonces.kind }, 0);
    this.#proxy = new ObservedProxy(this.#metrics.proxy);
    this.#check = createChecker(
      {
        index: this.index,
        memory: new KeyMemory(),
        nearMisses: new Allowance(NEAR_MISSES_PER_SECOND),
        nonces: new MeasuredNonces(this.#nonces, this.#clock, (seconds) =>
          this.#metrics.nonceDuration.observe(seconds),
        ),
        isReady: deps.isReady,
        now: () => this.#clock.wall(),
        onError: (error) =>
          deps.logger.error({ reason: reasonOf(error) }, "a decision failed and was refused"),
      },
      options,
    );
    const tls = options.tls && new TlsPort(options.tls, { metrics: this.#metrics, logger: deps.logger });
    this.#server = new VerifierServer((call) => this.#answer(call), deps.isReady, options, tls);
    this.#probes = new ProbeServer({
      listen: options.metricsListen,
      registry,
      isReady: () => this.#server.isServing(),
      refresh: () => this.#refresh(),
    });
  }

  /** Opens both ports; returns their addresses. Throws ListenFailure, with neither open: a Unix socket is a file that would stay. */
  async start(): Promise<{ readonly grpc: string; readonly metrics: string }> {
    const grpc = await this.#server.start();
    this.#nonces.start();
    try {
      return { grpc, metrics: await this.#probes.start() };
    } catch (error) {
      this.#server.close();
      await this.#nonces.close();
      throw error;
    }
  }

  /** Readiness may have changed: notifies the watchers of the health service. */
  announce(): void {
    this.#server.announce();
  }

  /** Drains the gRPC port, then closes the other one. Until then /readyz returns 503, so that no new client is sent here. */
  async stop(): Promise<void> {
    await this.#server.drain(this.#clock);
    await this.#probes.stop();
    await this.#nonces.close();
  }

  #answer(call: Call): Buffer | Promise<Buffer> {
    const leftMs = call.deadline - this.#clock.wall();
    const began = this.#clock.monotonic();
    const checked = this.#check(call);
    return checked instanceof Promise
      ? checked.then((late) => this.#noted(late, call, leftMs, began))
      : this.#noted(checked, call, leftMs, began);
  }

  /** Measures, counts and traces a Check. Returns its answer, whatever fails here. */
  #noted(checked: Checked, call: Call, leftMs: number, began: number): Buffer {
    const ended = this.#clock.monotonic();
    const { answer, outcome, attributes } = checked;
    try {
      this.#metrics.duration.observe((ended - began) / 1_000);
      this.#account.note(outcome);
      if (attributes) this.#proxy.note(attributes, leftMs, this.#maxRequestBytes);
      this.#spans.record(() => spanOf(checked, call), [began, ended]);
    } catch (error) {
      // A registered tracer is not ours: what it throws changes no answer.
      this.#deps.logger.error({ reason: reasonOf(error) }, "a decision could not be accounted for");
    }
    return answer;
  }

  #refresh(): void {
    this.#deps.refresh?.();
    const { applications, grants, shadowGrants, domains, unreadable } = this.index.counts();
    const staleness = this.#deps.staleness();
    this.#metrics.ready.set(this.#deps.isReady() ? 1 : 0);
    this.#metrics.staleness.set(Number.isFinite(staleness) ? staleness / 1_000 : -1);
    this.#metrics.nonceStore.set({ kind: this.#nonces.kind }, this.#nonces.isAvailable() ? 1 : 0);
    this.#metrics.shadowGrants.set(shadowGrants);
    this.#metrics.projections.set({ kind: "Application" }, applications);
    this.#metrics.projections.set({ kind: "ApiGrant" }, grants);
    this.#metrics.projections.set({ kind: "ApiDomain" }, domains);
    this.#metrics.projections.set({ kind: "unreadable" }, unreadable);
  }
}
