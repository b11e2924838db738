import { createServer, type Server } from "node:http";
import type { Registry } from "prom-client";
import { Listener } from "./listener.ts";

export interface ProbeOptions {
  /** `host:port`; port 0 lets the system pick. */
  readonly listen: string;
  readonly registry: Registry;
  readonly isReady: () => boolean;
  /** Updates gauges before a scrape. */
  readonly refresh?: () => void;
}

/** The HTTP port for monitoring: /metrics, /healthz and /readyz. */
export class ProbeServer {
  readonly #server: Server;
  readonly #listener: Listener;

  constructor({ listen, registry, isReady, refresh }: ProbeOptions) {
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
    this.#listener = new Listener("metrics", listen, this.#server);
  }

  /** Opens the port. Returns the address with the port that the system picked; throws ListenFailure. */
  async start(): Promise<string> {
    return await this.#listener.open();
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.once("close", resolve));
    this.#listener.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
