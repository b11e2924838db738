import type { TLSSocket } from "node:tls";
import { Allowance } from "../../base/allowance.ts";
import type { Logger } from "../../observe/logger.ts";
import type { TlsMetrics } from "../../observe/metrics/tlsMetrics.ts";
import type { CertificateFolder } from "./certificateFolder.ts";
import { type RefusedClient, TlsListener } from "./listener.ts";
import { FILES, type Material } from "./material.ts";

export interface TlsOptions {
  readonly folder: CertificateFolder;
  /** Names of clients that may ask; `*` for all that the authorities vouch for. */
  readonly clientNames: readonly string[];
  /** After this a client has to connect, and so to show its certificate, again; milliseconds. */
  readonly maxConnectionAgeMs: number;
}

export interface TlsPortDeps {
  readonly metrics: TlsMetrics;
  readonly logger: Logger;
}

/** A client that is rejected repeatedly cannot fill the disk with log lines. */
const REFUSALS_LOGGED_PER_SECOND = 1;

/** The TLS side of the gRPC port: the listener, fed by the certificate folder, with metrics and logs. */
export class TlsPort {
  readonly maxConnectionAgeMs: number;
  readonly #options: TlsOptions;
  readonly #deps: TlsPortDeps;
  readonly #logged = new Allowance(REFUSALS_LOGGED_PER_SECOND);
  #listener: TlsListener | undefined;
  #unfollow: (() => void) | undefined;

  constructor(options: TlsOptions, deps: TlsPortDeps) {
    this.maxConnectionAgeMs = options.maxConnectionAgeMs;
    this.#options = options;
    this.#deps = deps;
  }

  /** Opens the port; hands every client that may ask to `onConnection`. Returns the address; throws ListenFailure. */
  async start(listen: string, onConnection: (socket: TLSSocket) => void): Promise<string> {
    const { folder, clientNames } = this.#options;
    const listener = new TlsListener(
      folder.material,
      { listen, clientNames },
      { onConnection, onRefused: (reason, client) => this.#refused(reason, client) },
    );
    this.#listener = listener;
    const address = await listener.start();
    this.#tell("certificates in use", folder.material);
    this.#unfollow = folder.follow({
      onLoaded: (material) => {
        listener.use(material);
        this.#deps.metrics.tlsReloads.inc({ result: "loaded" });
        this.#tell("certificates replaced", material);
      },
      onRefused: (problem) => {
        this.#deps.metrics.tlsReloads.inc({ result: "refused" });
        this.#deps.logger.error({ problem }, "new certificates cannot be used; those before stay in use");
      },
    });
    return address;
  }

  /** Takes no more connections, and looks at no more certificates. */
  close(): void {
    this.#unfollow?.();
    this.#listener?.close();
  }

  #tell(what: string, { certificateExpiry, authoritiesExpiry, names }: Material): void {
    this.#deps.metrics.tlsExpiry.set({ file: FILES.certificate }, certificateExpiry / 1_000);
    this.#deps.metrics.tlsExpiry.set({ file: FILES.authorities }, authoritiesExpiry / 1_000);
    const [expires, authoritiesExpire] = [certificateExpiry, authoritiesExpiry].map((time) =>
      new Date(time).toISOString(),
    );
    this.#deps.logger.info({ names, expires, authoritiesExpire }, what);
  }

  #refused(reason: "handshake" | "name", client: RefusedClient): void {
    this.#deps.metrics.tlsRefused.inc({ reason });
    if (!this.#logged.take(Date.now())) return;
    const why = reason === "name" ? "its certificate carries no allowed name (--tls-client-name)" : "no mTLS";
    this.#deps.logger.warn(client, `a client was refused: ${why}`);
  }
}
