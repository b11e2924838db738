import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Access, Identity } from "../../../../src/store/kube/access.ts";
import { Connection, type ConnectionOptions } from "../../../../src/store/kube/connection.ts";
import { listen } from "../../../support/ports.ts";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** An API server that does what no real one can be made to do when a test wants it: faults. */
export interface FakeServer {
  readonly connection: Connection;
  /** The method and path with query of each request so far. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

/** Handles the requests by these handlers in turn; the last one handles all that follow. */
export async function startFake(
  handlers: readonly Handler[],
  options: { connection?: Partial<ConnectionOptions>; access?: Partial<Access> } = {},
): Promise<FakeServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const handler = handlers[Math.min(requests.length, handlers.length - 1)];
    requests.push(`${request.method} ${request.url}`);
    handler?.(request, response);
  });
  await listen(server);
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const connection = new Connection({ ...anonymous(url), ...options.access }, options.connection);
  return {
    connection,
    requests,
    stop: async () => {
      await connection.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function anonymous(server: URL): Access {
  const identity: Identity = { headers: {}, tls: {}, tlsKey: "" };
  return {
    server,
    proxy: undefined,
    context: "fake",
    namespace: undefined,
    identify: async () => identity,
    forget: () => undefined,
  };
}

export function json(status: number, body: unknown): Handler {
  return (_, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
}

/** Cuts the connection without an answer. */
export const reset: Handler = (request) => request.socket.destroy();

/** A list of namespaces. */
export function list(version: string, names: readonly string[], more?: string): Handler {
  const items = names.map((name) => object(name, version));
  return json(200, { kind: "List", metadata: { resourceVersion: version, continue: more }, items });
}

/** A watch that sends these pieces, and then ends, is cut, or stays open. */
export function watch(pieces: readonly (string | Buffer)[], then: "ends" | "is cut" | "stays"): Handler {
  return (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    const send = (index: number) => {
      const piece = pieces[index];
      // Each piece in a turn of its own, so that it arrives as a chunk of its own.
      if (piece !== undefined) response.write(piece, () => setImmediate(send, index + 1));
      else if (then === "ends") response.end();
      else if (then === "is cut") response.socket?.destroy();
    };
    send(0);
  };
}

export function event(type: string, name: string, version: string, labels = {}): string {
  return `${JSON.stringify({ type, object: object(name, version, labels) })}\n`;
}

export function bookmark(version: string): string {
  return `${JSON.stringify({ type: "BOOKMARK", object: { metadata: { resourceVersion: version } } })}\n`;
}

export function watchError(code: number, reason: string): string {
  return `${JSON.stringify({ type: "ERROR", object: { kind: "Status", code, reason } })}\n`;
}

export function object(name: string, resourceVersion: string, labels = {}) {
  return { metadata: { name, uid: `uid-${name}`, resourceVersion, labels } };
}
