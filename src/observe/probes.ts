import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";

export interface ProbeOptions {
  /** `host:port`; port 0 lets the system pick. */
  readonly listen: string;
  readonly registry: Registry;
  readonly isReady: () => boolean;
  /** Brings gauges up to date before a scrape. */
  readonly refresh?: () => void;
}

/** The HTTP port for people and machines that look after the process: /metrics, /healthz, /readyz. */
export class ProbeServer {
  readonly #server: Server;
  readonly #listen: string;

  constructor({ listen, registry, isReady, refresh }: ProbeOptions) {
    this.#listen = listen;
    this.#server = createServer(async (request, response) => {
      const path = (request.url ?? "").split("?")[0];
      const answer = (status: number, body: string, type = "text/plain") =>
        response.writeHead(status, { "content-type": type }).end(body);
      if (request.method !== "GET" && request.method !== "HEAD")
        return void answer(405, "method not allowed\n");
      if (path === "/healthz") return void answer(200, "ok\n");
      if (path === "/readyz") return void (isReady() ? answer(200, "ok\n") : answer(503, "not ready\n"));
      if (path !== "/metrics") return void answer(404, "not found: try /metrics, /healthz or /readyz\n");
      refresh?.();
      answer(200, await registry.metrics(), registry.contentType);
    });
    this.#server.headersTimeout = 5_000;
    this.#server.requestTimeout = 5_000;
    this.#server.maxConnections = 100;
  }

  /** Answers the address with the port that the system picked. */
  async start(): Promise<string> {
    const cut = this.#listen.lastIndexOf(":");
    const host = this.#listen.slice(0, cut).replace(/^\[|\]$/g, "");
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(Number(this.#listen.slice(cut + 1)), host, resolve);
    });
    return `${this.#listen.slice(0, cut)}:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
