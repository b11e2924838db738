import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { Health } from "../../src/verifier/transport/health.ts";
import type {
  Call,
  CreateTransport,
  Handler,
  Transport,
  TransportOptions,
} from "../../src/verifier/transport/transport.ts";

export const CHECK = "/envoy.service.auth.v3.Authorization/Check";
export const HEALTH_CHECK = "/grpc.health.v1.Health/Check";
export const HEALTH_WATCH = "/grpc.health.v1.Health/Watch";

/** How a call ended, as bytes on the wire show it. */
export interface Ended {
  /** HTTP status; undefined if the stream was reset before any header. */
  readonly http: number | undefined;
  /** grpc-status, from the trailers or from headers alone. */
  readonly grpc: number | undefined;
  readonly message: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly data: Buffer;
  /** Whether one block of headers was all of the response. */
  readonly trailersOnly: boolean;
  /** The code of RST_STREAM; 0 for a stream that ended in order. */
  readonly reset: number;
}

/** A transport behind a port of loopback, with a handler that echoes what it got. */
export class TransportHarness {
  readonly calls: Call[] = [];
  handler: Handler = (call) => call.message;
  isServing = true;
  readonly health = new Health(() => this.isServing);
  readonly transport: Transport;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #ends: (() => void)[] = [];

  constructor(create: CreateTransport, options: Partial<TransportOptions> = {}) {
    const handler: Handler = (call) => {
      this.calls.push(call);
      return this.handler(call);
    };
    this.transport = create(handler, this.health, {
      maxMessageBytes: 10_000,
      maxConnectionAgeMs: Number.POSITIVE_INFINITY,
      ...options,
    });
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      this.transport.accept(socket);
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections that the server side holds open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** An HTTP/2 connection of Node, for what a gRPC library would not send. */
  session(options: Parameters<typeof connect>[1] = {}): ClientHttp2Session {
    const session = connect(`http://127.0.0.1:${this.port}`, options);
    session.on("error", () => {});
    this.#ends.push(() => session.destroy());
    return session;
  }

  /** A client of grpc-js with a connection of its own. */
  client(): (method: string, request: Buffer, timeoutMs?: number) => Promise<Buffer> {
    const client = new Client(`127.0.0.1:${this.port}`, credentials.createInsecure(), {
      "grpc.use_local_subchannel_pool": 1,
    });
    this.#ends.push(() => client.close());
    const same = (value: Buffer) => value;
    return (method, request, timeoutMs = 5_000) =>
      new Promise((resolve, reject) => {
        const done = (error: ServiceError | null, answer?: Buffer) =>
          error ? reject(error) : resolve(answer as Buffer);
        client.makeUnaryRequest(method, same, same, request, { deadline: Date.now() + timeoutMs }, done);
      });
  }

  async stop(): Promise<void> {
    for (const end of this.#ends.splice(0)) end();
    this.#server.close();
    await this.transport.close(200);
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** The message with gRPC's prefix of five bytes. */
export function framed(message: Buffer, compressed = 0): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = compressed;
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** Opens one stream with these headers over the usual ones; undefined takes a header away. */
export function open(
  session: ClientHttp2Session,
  headers: Readonly<Record<string, string | undefined>> = {},
  options: { readonly endStream?: boolean } = {},
): ClientHttp2Stream {
  const all = {
    ":method": "POST",
    ":path": CHECK,
    "content-type": "application/grpc",
    te: "trailers",
    ...headers,
  };
  const kept = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  const stream = session.request(kept, options);
  stream.on("error", () => {});
  return stream;
}

/** Resolves when the stream has closed. */
export function ended(stream: ClientHttp2Stream): Promise<Ended> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let headers: Record<string, unknown> = {};
    let hasTrailers = false;
    stream.on("response", (received) => {
      headers = { ...headers, ...received };
    });
    stream.on("trailers", (received) => {
      hasTrailers = true;
      headers = { ...headers, ...received };
    });
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    // A client that has its response sends no more.
    stream.on("end", () => stream.end());
    stream.on("close", () =>
      resolve({
        http: headers[constants.HTTP2_HEADER_STATUS] as number | undefined,
        grpc: headers["grpc-status"] === undefined ? undefined : Number(headers["grpc-status"]),
        message: String(headers["grpc-message"] ?? ""),
        headers,
        data: Buffer.concat(chunks),
        trailersOnly: !hasTrailers && chunks.length === 0,
        reset: stream.rstCode,
      }),
    );
  });
}

/** One whole unary call with these bytes as its body. */
export function callWith(
  session: ClientHttp2Session,
  body: Buffer,
  headers: Readonly<Record<string, string | undefined>> = {},
): Promise<Ended> {
  const stream = open(session, headers);
  stream.end(body);
  return ended(stream);
}
