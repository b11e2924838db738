import type { Socket } from "node:net";
import type { Health } from "./health.ts";

/** The libraries that implementations are made of, as `--transport` names them; the default first. */
export const TRANSPORTS = ["http2", "grpc-js"] as const;

/** Calls on a connection that has reached its age may end within this; watches of health are cut off. Milliseconds. */
export const AGE_GRACE_MS = 30_000;

export type TransportName = (typeof TRANSPORTS)[number];

/** One unary call of envoy.service.auth.v3.Authorization/Check, as a transport received it. */
export interface Call {
  /** The bytes of one CheckRequest. */
  readonly message: Buffer;
  /** When the client stops waiting, in epoch milliseconds; Infinity for a client that set no `grpc-timeout`. */
  readonly deadline: number;
  /** Whether the client no longer waits for the response. */
  readonly isOver: boolean;
  /** The first value of a header of the call, such as `traceparent`; undefined if it is missing. */
  header(name: string): string | undefined;
}

/**
 * Returns the bytes of a CheckResponse, later only for large messages. Never throws or rejects: whatever fails is a denial. The
 * message of the call is read until then, and not after.
 */
export type Handler = (call: Call) => Buffer | Promise<Buffer>;

/**
 * Speaks gRPC with proxies, over connections that were accepted, and authenticated where the port has TLS, before: the
 * services Authorization and Health, and nothing else. `test/transport/contract.ts` holds every implementation
 * to the same behaviour.
 */
export interface Transport {
  /** Takes a connection over. */
  accept(socket: Socket): void;
  /** Finishes the calls that are under way, ends watches of health, and closes every connection within `graceMs`. */
  close(graceMs: number): Promise<void>;
}

export interface TransportOptions {
  /** A longer message is answered with RESOURCE_EXHAUSTED. */
  readonly maxMessageBytes: number;
  /** After this, in milliseconds, a client has to connect again; Infinity for never. */
  readonly maxConnectionAgeMs: number;
}

/** What every implementation is made from. */
export type CreateTransport = (handler: Handler, health: Health, options: TransportOptions) => Transport;
