import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { listen } from "./ports.ts";

/** What the upstream saw of a request; header names are lower-case, values of repeated lines are joined as Node does. */
interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Upstream {
  readonly port: number;
  /** Every request so far, oldest first. */
  readonly seen: readonly Seen[];
  stop(): Promise<void>;
}

/** An HTTP server on 127.0.0.1 that answers each request with what it saw of it, as JSON. */
export async function startUpstream(): Promise<Upstream> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const answer = await describe(request);
    seen.push(answer);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer));
  });
  // A connection that ended of itself just as Envoy took it up again would be a 503 that no part of the test caused.
  server.keepAliveTimeout = 0;
  await listen(server);
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function describe(request: IncomingMessage): Promise<Seen> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  return {
    method: request.method ?? "",
    url: request.url ?? "",
    headers,
    body: Buffer.concat(chunks).toString(),
  };
}
