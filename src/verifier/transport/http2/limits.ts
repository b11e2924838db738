import { AGE_GRACE_MS } from "../transport.ts";

/** What one client, or all of them, can make a process hold or wait for. */
export interface Limits {
  /** Calls that are open at the same time on one connection. */
  readonly maxStreams: number;
  /** How much a client may send of one call before it has to wait until that is read; bytes. */
  readonly streamWindow: number;
  /** The same for all calls of one connection; bytes. */
  readonly connectionWindow: number;
  /** The headers of one call, in HPACK's count. */
  readonly maxHeaderBytes: number;
  /** While a client leaves this many bytes unread, nothing more is read of it. */
  readonly maxUnsentBytes: number;
  /**
   * Calls that a client of one connection breaks off: so many at once, and so many more each tick. Envoy resets the Checks that time out or
   * whose caller hangs up: bursts are normal, a steady stream of them is an attack.
   */
  readonly resetBurst: number;
  readonly resetsPerTick: number;
  /** Frames of one connection that carry no part of a call, such as PING, SETTINGS or empty DATA; for each tick. */
  readonly idleFramesPerTick: number;
  /** Calls that are open at the same time, over all connections. */
  readonly maxCalls: number;
  /** Bytes of headers, unfinished messages and unsent responses, over all connections. */
  readonly maxHeldBytes: number;
  /** Status changes that a watch of health may leave unread. */
  readonly maxUnreadChanges: number;
  /** How often connections and calls are looked at, in milliseconds. What the other limits call a tick. */
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

/** Room for many large bodies at the same time; a single small one must not fill it either. */
const HELD_MESSAGES = 8;
const MIN_HELD_BYTES = 67_108_864;

/** The limits of a transport that takes messages of up to `maxMessageBytes`. */
export function limitsFor(maxMessageBytes: number): Limits {
  return {
    maxStreams: 1_000,
    // A body of 1 MiB arrives without a pause for WINDOW_UPDATE; the default of 64 KiB makes a client wait sixteen times.
    streamWindow: 1_048_576,
    connectionWindow: 16_777_216,
    maxHeaderBytes: 32_768,
    maxUnsentBytes: 1_048_576,
    resetBurst: 1_000,
    resetsPerTick: 33,
    // grpc-go sends a PING for each round trip while it measures the bandwidth.
    idleFramesPerTick: 20_000,
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
