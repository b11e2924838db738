import { ConnectionError, ERROR, MAX_31_BITS, MAX_PAYLOAD_BYTES } from "./frames.ts";

/** The settings that RFC 9113 and RFC 7541 define. */
const ID = {
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
} as const;
const SETTING_BYTES = 6;
const MAX_FRAME_SIZE = 16_777_215;

/** The payload of this server's SETTINGS. */
export function encodeSettings(settings: {
  readonly maxConcurrentStreams: number;
  readonly initialWindowSize: number;
  readonly maxHeaderListSize: number;
}): Buffer {
  const values: (readonly [id: number, value: number])[] = [
    [ID.maxConcurrentStreams, settings.maxConcurrentStreams],
    [ID.initialWindowSize, settings.initialWindowSize],
    [ID.maxHeaderListSize, settings.maxHeaderListSize],
  ];
  const bytes = Buffer.alloc(SETTING_BYTES * values.length);
  for (const [at, [id, value]] of values.entries())
    bytes.writeUInt32BE(value, bytes.writeUInt16BE(id, SETTING_BYTES * at));
  return bytes;
}

/**
 * The only setting of a client that matters here: the window of its streams; undefined if it is not in the payload. Throws
 * ConnectionError for values that are not allowed.
 */
export function initialWindowOf(bytes: Buffer, start: number, end: number): number | undefined {
  if ((end - start) % SETTING_BYTES !== 0) throw new ConnectionError(ERROR.frameSize, "SETTINGS is cut");
  let window: number | undefined;
  for (let at = start; at < end; at += SETTING_BYTES) {
    const id = bytes.readUInt16BE(at);
    const value = bytes.readUInt32BE(at + 2);
    if (id === ID.enablePush && value > 1) throw new ConnectionError(ERROR.protocol, "ENABLE_PUSH is 0 or 1");
    if (id === ID.maxFrameSize && (value < MAX_PAYLOAD_BYTES || value > MAX_FRAME_SIZE))
      throw new ConnectionError(ERROR.protocol, "MAX_FRAME_SIZE is out of its range");
    if (id !== ID.initialWindowSize) continue;
    if (value > MAX_31_BITS) throw new ConnectionError(ERROR.flowControl, "INITIAL_WINDOW_SIZE is too large");
    window = value;
  }
  return window;
}
