import type { ServerOptions } from "node:http2";
import { AGE_GRACE_MS } from "../transport.ts";

/** What one client, or all of them, can make a process hold or wait for. */
export interface Limits {
  /** The settings and limits of each connection in Node. */
  readonly session: ServerOptions;
  /** Calls that are open at the same time, over all connections. */
  readonly maxCalls: number;
  /** Bytes of unfinished messages and unsent responses, over all connections. */
  readonly maxHeldBytes: number;
  /** Status changes that a watch of health may leave unread. */
  readonly maxUnreadChanges: number;
  /** How often connections and calls are looked at, in milliseconds. The next three are counted in these. */
  readonly tickMs: number;
  /** A client that has not spoken HTTP/2 by then is cut off. */
  readonly prefaceTicks: number;
  /** A client gets a ping this often, and is cut off if it has not answered by the next one. */
  readonly pingTicks: number;
  /** A call whose message has not arrived, or whose response has not been read by then, is ended. */
  readonly callTicks: number;
  /** Calls on a connection that has reached its age may end within this; milliseconds. */
  readonly ageGraceMs: number;
}

/** How much a client may send on a connection before it has to wait until that is read; bytes. */
export const CONNECTION_WINDOW = 16_777_216;

/** Room for many large bodies at the same time; a single small one must not fill it either. */
const HELD_MESSAGES = 8;
const MIN_HELD_BYTES = 67_108_864;

/** The limits of a transport that takes messages of up to `maxMessageBytes`. */
export function limitsFor(maxMessageBytes: number): Limits {
  return {
    session: {
      // A body of 1 MiB arrives without a pause for WINDOW_UPDATE; the default of 64 KiB makes a client wait sixteen times.
      settings: { maxConcurrentStreams: 1_000, initialWindowSize: 1_048_576 },
      // In MB (Node's unit): headers, and responses that wait for the client. A client above it gets no new streams.
      maxSessionMemory: 32,
      // Envoy resets the Checks that time out or whose caller hangs up: bursts are normal, a steady stream of them is an attack.
      streamResetBurst: 1_000,
      streamResetRate: 33,
      // Frames that mean nothing, such as DATA without bytes.
      maxSessionInvalidFrames: 100,
      maxSessionRejectedStreams: 100,
    },
    maxCalls: 20_000,
    maxHeldBytes: Math.max(MIN_HELD_BYTES, HELD_MESSAGES * maxMessageBytes),
    maxUnreadChanges: 16,
    tickMs: 1_000,
    prefaceTicks: 10,
    pingTicks: 60,
    callTicks: 60,
    ageGraceMs: AGE_GRACE_MS,
  };
}
