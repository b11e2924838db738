import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request as httpsRequest, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { ApiServer } from "./apiServer.ts";
import { listen } from "./ports.ts";

/** A request on its way to the API server. */
export interface Passing {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body: string;
}

export interface Answered {
  readonly status: number;
  readonly body: string;
  /** The body where it is no text. */
  readonly bytes?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What becomes of a request: undefined passes it on, an answer is given in the server's place, "lost" cuts the connection. */
export type Fate = Answered | "lost" | undefined;

/** A way to the API server on which every request is seen, and may be held, answered in its place, or lost; before it or after. */
export class ApiProxy {
  before: (passing: Passing) => Promise<Fate> = async () => undefined;
  /** Is asked once the server has answered; not for watches. */
  after: (passing: Passing, answer: Answered) => Promise<Fate> = async () => undefined;
  readonly #server: Server;
  readonly #target: URL;
  readonly #ca: string;

  /** The key is the server's own, so that its certificate speaks for this way too. */
  constructor(target: URL, tls: { readonly cert: string; readonly key: string }) {
    this.#target = target;
    this.#ca = tls.cert;
    this.#server = createServer(tls, (request, response) => {
      this.#pass(request, response).catch(() => response.destroy());
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  /** For a kubeconfig's cluster, on a port that the system picked. */
  get url(): string {
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  listen(): Promise<void> {
    return listen(this.#server);
  }

  /** Cuts every connection, watches too; new ones are taken. */
  cut(): void {
    this.#server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const passing = {
      method: request.method ?? "",
      path: request.url ?? "",
      body: String(await whole(request)),
    };
    const fate = await this.before(passing);
    if (fate !== undefined) return give(response, fate);
    const answer = await this.#ask(passing, request.headers);
    if (/[?&]watch=true/.test(passing.path)) return follow(answer, response);
    const bytes = await whole(answer);
    const headers = { "content-type": answer.headers["content-type"] ?? "application/json" };
    const answered = { status: answer.statusCode ?? 502, body: String(bytes), bytes, headers };
    give(response, (await this.after(passing, answered)) ?? answered);
  }

  #ask({ method, path, body }: Passing, headers: IncomingMessage["headers"]): Promise<IncomingMessage> {
    const { host, port } = this.#target;
    const options = { host: host.split(":")[0], port, path, method, ca: this.#ca };
    return new Promise((resolve, reject) => {
      const sent = httpsRequest({ ...options, headers: { ...headers, host } }, resolve);
      sent.on("error", reject);
      sent.end(body);
    });
  }
}

function follow(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 502, { "content-type": "application/json" });
  response.flushHeaders();
  answer.pipe(response);
  answer.on("error", () => response.destroy());
  response.on("close", () => answer.destroy());
}

function give(response: ServerResponse, fate: Answered | "lost"): void {
  if (fate === "lost") response.destroy();
  else
    response
      .writeHead(fate.status, { "content-type": "application/json", ...fate.headers })
      .end(fate.bytes ?? fate.body);
}

async function whole(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Starts a way to this API server. */
export async function startApiProxy(server: ApiServer): Promise<ApiProxy> {
  const [cert, key] = await Promise.all([readFile(server.caFile, "utf8"), readFile(server.keyFile, "utf8")]);
  const proxy = new ApiProxy(new URL(server.url), { cert, key });
  await proxy.listen();
  return proxy;
}

/** A write that changes what Countersign keeps: no Lease, no Event, no read. */
export function isWrite({ method, path }: Passing): boolean {
  return method !== "GET" && !/\/(leases|events)(\/|\?|$)/.test(path);
}
