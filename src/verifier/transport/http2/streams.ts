import type { Limits } from "./limits.ts";
import { StreamTable } from "./streamTable.ts";
import type { FrameHead, FrameSink } from "./wire/frameReader.ts";
import { ConnectionError, ERROR, FLAG, FRAME, MAX_31_BITS } from "./wire/frames.ts";
import { type AssembledBlock, HeaderAssembly } from "./wire/headerAssembly.ts";
import { HpackDecoder } from "./wire/hpack/decoder.ts";
import type { HeaderBlock } from "./wire/hpack/headerBlock.ts";
import type { Output } from "./wire/output.ts";
import { Quota } from "./wire/quota.ts";
import { ReceiveWindow } from "./wire/receiveWindow.ts";
import { Sender, type Sending } from "./wire/sender.ts";
import { initialWindowOf } from "./wire/settings.ts";

/** One stream: what the frames of a client mean to its call. The methods are called in this order, and none after `ended`. */
export interface Stream extends Sending {
  /** The stream is open; `endsStream` if nothing follows its headers. */
  begin(endsStream: boolean): void;
  /** DATA of this length begins; padding counts. */
  charge(length: number): void;
  /** The next part of the message; `isEnd` for the last one. */
  receive(bytes: Buffer, start: number, end: number, isEnd: boolean): void;
  /** Headers after the message. */
  trailers(headers: HeaderBlock, endsStream: boolean): void;
  /** The stream has ended, in whatever way. */
  ended(): void;
}

/** Makes the call of a new stream. */
export type OpenCallOn = (streams: Streams, id: number, headers: HeaderBlock) => Stream;

/** What the streams of a connection need of it. */
interface Connection {
  /** Sends what has been written to the output. */
  flush(): void;
  /** The client has answered a PING. */
  pong(payload: Buffer): void;
  /** The last stream has ended. */
  idle(): void;
}

const PING_BYTES = 8;
const PRIORITY_BYTES = 5;
const NUMBER_BYTES = 4;

/** The streams of one connection: what each frame means to them, by RFC 9113. This server sends no pushes and keeps no priorities. */
export class Streams implements FrameSink {
  readonly sender: Sender;
  readonly output: Output;
  readonly limits: Limits;
  /** Of the frame that is handed over. */
  head: FrameHead = { type: 0, flags: 0, stream: 0 };
  /** The highest stream that the client has opened. */
  last = 0;
  /** Whether the client has sent its SETTINGS. */
  hasSpoken = false;
  /** Whether a message is a view of the chunk that is being received, and may be read until a reply that comes later. */
  isChunkKept = false;
  readonly #open: OpenCallOn;
  readonly #connection: Connection;
  readonly #assembly: HeaderAssembly;
  readonly #hpack: HpackDecoder;
  readonly #resets: Quota;
  readonly #idle: Quota;
  readonly #calls = new StreamTable<Stream>();
  /** The call of the DATA frame that is being read. */
  #receiving: Stream | undefined;
  /** Later streams are not begun. */
  #lastTaken = MAX_31_BITS;
  readonly #window: ReceiveWindow;

  constructor(limits: Limits, output: Output, open: OpenCallOn, connection: Connection) {
    this.limits = limits;
    this.output = output;
    this.sender = new Sender(output);
    this.#window = new ReceiveWindow(limits.connectionWindow);
    this.#open = open;
    this.#connection = connection;
    this.#assembly = new HeaderAssembly(limits.maxHeaderBytes);
    this.#hpack = new HpackDecoder(limits.maxHeaderBytes);
    this.#resets = new Quota("calls are broken off", limits.resetBurst, limits.resetsPerTick);
    this.#idle = new Quota("frames carry nothing", limits.idleFramesPerTick, limits.idleFramesPerTick);
  }

  tick(): void {
    this.#resets.tick();
    this.#idle.tick();
  }

  /** From now on streams that the client opens are refused. Returns the last one that was taken. */
  takeNoMore(): number {
    this.#lastTaken = this.last;
    return this.last;
  }

  /** Whether no stream is open, and none will be. */
  get isDrained(): boolean {
    return this.#lastTaken !== MAX_31_BITS && this.#calls.size === 0;
  }

  /** The connection has ended, and every stream with it. */
  end(): void {
    for (const { id } of this.#calls.values()) this.close(id);
  }

  flush(): void {
    this.#connection.flush();
  }

  /** Ends a stream whose client broke the protocol; it counts like one that the client breaks off. Throws ConnectionError. */
  violated(id: number, code: number): void {
    this.#resets.use();
    this.reset(id, code);
  }

  /** Ends a stream with an error. */
  reset(id: number, code: number): void {
    this.output.numbers(FRAME.rstStream, id, code);
    this.close(id);
    this.flush();
  }

  /** The response of a stream has been written. A client that is still sending is asked to stop, because nothing reads it. */
  finish(id: number, isComplete: boolean): void {
    if (!isComplete) this.output.numbers(FRAME.rstStream, id, ERROR.none);
    this.close(id);
    this.flush();
  }

  /** A stream has ended; without effect the second time. */
  close(id: number): void {
    const call = this.#calls.get(id);
    if (!call) return;
    this.#calls.delete(id);
    this.sender.forget(call);
    call.ended();
    if (this.#calls.size === 0) this.#connection.idle();
  }

  dataHead(length: number): void {
    const { stream, flags } = this.head;
    this.#expect(FRAME.data);
    this.#requireOpened(stream);
    if (length === 0 && !(flags & FLAG.endStream)) this.#idle.use();
    if (!this.#window.take(length))
      throw new ConnectionError(ERROR.flowControl, "more than the connection's window");
    const due = this.#window.due();
    if (due > 0) this.output.numbers(FRAME.windowUpdate, 0, due);
    this.#receiving = this.#calls.get(stream);
    this.#receiving?.charge(length);
  }

  data(bytes: Buffer, start: number, end: number, isEnd: boolean): void {
    this.#receiving?.receive(bytes, start, end, isEnd);
  }

  frame(bytes: Buffer, start: number, end: number): void {
    const { type, flags, stream } = this.head;
    this.#expect(type);
    if (type === FRAME.headers) {
      this.#requireId(stream);
      this.#headers(this.#assembly.headers(stream, flags, bytes, start, end));
    } else if (type === FRAME.continuation) {
      this.#headers(this.#assembly.continuation(stream, flags, bytes, start, end));
    } else if (type === FRAME.windowUpdate) this.#windowUpdate(stream, numberOf(bytes, start, end));
    else if (type === FRAME.rstStream) this.#rstStream(stream, end - start);
    else this.#other(bytes, start, end);
  }

  /** Frames that carry no part of a call. */
  #other(bytes: Buffer, start: number, end: number): void {
    const { type, stream } = this.head;
    this.#idle.use();
    if (type === FRAME.pushPromise) throw new ConnectionError(ERROR.protocol, "a client pushes nothing");
    if (type === FRAME.priority) this.#priority(stream, end - start);
    const isOfConnection = type === FRAME.settings || type === FRAME.ping || type === FRAME.goAway;
    if (isOfConnection && stream !== 0)
      throw new ConnectionError(ERROR.protocol, "the frame belongs to no stream");
    if (type === FRAME.settings) this.#settings(bytes, start, end);
    if (type === FRAME.ping) this.#ping(bytes.subarray(start, end));
  }

  #headers(block: AssembledBlock | undefined): void {
    if (!block) return;
    // Read in any case: what follows refers to it.
    const headers = this.#hpack.decode(block.bytes, block.start, block.end);
    const { stream, endsStream } = block;
    const open = this.#calls.get(stream);
    if (open) open.trailers(headers, endsStream);
    else if (stream > this.last) this.#begin(stream, headers, endsStream);
    else this.#late(headers);
  }

  /** Headers on a stream that has ended. Trailers may have been on their way when its call ended. */
  #late(headers: HeaderBlock): void {
    this.#idle.use();
    if (headers.isRequest)
      throw new ConnectionError(ERROR.protocol, "streams begin in the order of their numbers");
  }

  #begin(stream: number, headers: HeaderBlock, endsStream: boolean): void {
    this.last = stream;
    if (stream > this.#lastTaken || this.#calls.size >= this.limits.maxStreams) {
      this.#idle.use();
      this.reset(stream, ERROR.refusedStream);
    } else if (headers.isTooLarge || !headers.isRequest) {
      this.violated(stream, headers.isTooLarge ? ERROR.enhanceYourCalm : ERROR.protocol);
    } else {
      const call = this.#open(this, stream, headers);
      this.#calls.add(call);
      call.begin(endsStream);
    }
  }

  #windowUpdate(stream: number, bytes: number): void {
    if (stream === 0) {
      this.sender.widen(bytes);
      return;
    }
    this.#requireOpened(stream);
    const call = this.#calls.get(stream);
    if (!call) this.#idle.use();
    else if (bytes === 0) this.violated(stream, ERROR.protocol);
    else if (!this.sender.widenStream(call, bytes)) this.violated(stream, ERROR.flowControl);
  }

  #rstStream(stream: number, length: number): void {
    if (length !== NUMBER_BYTES) throw new ConnectionError(ERROR.frameSize, "RST_STREAM has four bytes");
    this.#requireOpened(stream);
    this.#resets.use();
    this.close(stream);
  }

  #priority(stream: number, length: number): void {
    if (stream === 0) throw new ConnectionError(ERROR.protocol, "PRIORITY belongs to a stream");
    if (length !== PRIORITY_BYTES) this.violated(stream, ERROR.frameSize);
  }

  #settings(bytes: Buffer, start: number, end: number): void {
    if (this.head.flags & FLAG.ack) {
      if (start !== end) throw new ConnectionError(ERROR.frameSize, "an acknowledgement is empty");
      return;
    }
    this.hasSpoken = true;
    const window = initialWindowOf(bytes, start, end);
    this.output.frame(FRAME.settings, FLAG.ack, 0, NONE);
    if (window !== undefined) this.sender.resize(window, this.#calls.values());
  }

  #ping(payload: Buffer): void {
    if (payload.length !== PING_BYTES) throw new ConnectionError(ERROR.frameSize, "PING has eight bytes");
    if (this.head.flags & FLAG.ack) this.#connection.pong(payload);
    else this.output.frame(FRAME.ping, FLAG.ack, 0, payload);
  }

  /** Whether a frame of this type may come now. */
  #expect(type: number): void {
    if (!this.hasSpoken && type !== FRAME.settings)
      throw new ConnectionError(ERROR.protocol, "the first frame is not SETTINGS");
    if (this.#assembly.isOpen !== (type === FRAME.continuation))
      throw new ConnectionError(ERROR.protocol, "CONTINUATION, and nothing else, continues headers");
  }

  #requireId(stream: number): void {
    if (stream % 2 !== 1) throw new ConnectionError(ERROR.protocol, "a client's streams have odd numbers");
  }

  #requireOpened(stream: number): void {
    if (stream === 0 || stream > this.last)
      throw new ConnectionError(ERROR.protocol, "the stream has not been opened");
  }
}

const NONE = Buffer.alloc(0);

function numberOf(bytes: Buffer, start: number, end: number): number {
  if (end - start !== NUMBER_BYTES) throw new ConnectionError(ERROR.frameSize, "the frame has four bytes");
  return bytes.readUInt32BE(start) & MAX_31_BITS;
}
