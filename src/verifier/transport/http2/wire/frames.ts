/** The frames of HTTP/2, by RFC 9113. */
export const FRAME = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

/** Flags of frames. The same bit means different things to different types. */
export const FLAG = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

/** The error codes of RFC 9113, section 7, that this server sends. */
export const ERROR = {
  none: 0,
  protocol: 1,
  internal: 2,
  flowControl: 3,
  streamClosed: 5,
  frameSize: 6,
  refusedStream: 7,
  cancel: 8,
  compression: 9,
  enhanceYourCalm: 11,
} as const;

/** Length, type, flags and stream. */
export const HEAD_BYTES = 9;
/** The longest payload that either side sends: the default of SETTINGS_MAX_FRAME_SIZE. */
export const MAX_PAYLOAD_BYTES = 16_384;
/** The window of a stream and of a connection before SETTINGS and WINDOW_UPDATE change them; bytes. */
export const DEFAULT_WINDOW = 65_535;
/** The largest window, and the largest id of a stream. */
export const MAX_31_BITS = 0x7f_ff_ff_ff;

/** The client broke the protocol or a limit: its connection ends with this error code. */
export class ConnectionError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
