import { isUtf8 } from "node:buffer";
import { JsonElements } from "./jsonElements.ts";
import { withoutMark } from "./requestText.ts";
import { readVarint } from "./tap/protoFields.ts";

/** A format of captured requests; or why the file has none, with the remedy. */
export type Format =
  | { readonly kind: "har" }
  | { readonly kind: "lines" }
  | { readonly kind: "tap" }
  | { readonly kind: "tapProto" }
  | { readonly kind: "tapProtoDelimited" }
  | { readonly kind: "none"; readonly problem: string };

/** As much of a file as is looked at. */
const HEAD_BYTES = 65_536;
/** Fewer bytes do not tell formats apart. */
const MIN_BYTES = 64;

const TAP_KEYS = /^(http|socket)_?(Buffered|buffered|Streamed|streamed)_?[tT]race(_?[sS]egment)?$/;
const LINE_KEYS = /^(id|time|raw|method|target|headers|body)$/;
const EXPORT_AGAIN = "is not a capture: give HAR, Envoy's HTTP tap, or one JSON object per line";

/**
 * The format of a file by its first bytes: names of files mean nothing. Undefined: more bytes are needed, which is never so for a whole file
 * or for 64 KiB.
 */
export function recognise(head: Buffer, isWhole: boolean): Format | undefined {
  const isEnough = isWhole || head.length >= HEAD_BYTES;
  if (head.length < MIN_BYTES && !isEnough) return undefined;
  const foreign = foreignProblem(head);
  if (foreign !== undefined) return { kind: "none", problem: foreign };
  const proto = protoFormat(head);
  if (proto) return { kind: proto };
  const start = withoutMark(head).toString("latin1").trimStart();
  if (/^(http|socket)_(buffered|streamed)_trace\w* *\{/.test(start))
    return { kind: "none", problem: "is Envoy's tap as PROTO_TEXT: use the format JSON_BODY_AS_BYTES" };
  if (!start.startsWith("{")) return start === "" && !isEnough ? undefined : { kind: "lines" };
  const keys = rootKeys(head);
  if (keys.includes("log")) return { kind: "har" };
  if (keys.some((key) => TAP_KEYS.test(key))) return { kind: "tap" };
  return isEnough || keys.some((key) => LINE_KEYS.test(key)) ? { kind: "lines" } : undefined;
}

/** Bytes of a format that people mistake for a capture. */
function foreignProblem(head: Buffer): string | undefined {
  const magic = head.toString("hex", 0, 4);
  if (magic.startsWith("1f8b"))
    return "is compressed with gzip: decompress it, such as by gunzip -c FILE | countersign replay -";
  if (magic.startsWith("504b")) return "is a ZIP archive: extract the capture from it";
  if (/^(a1b2c3d4|d4c3b2a1|0a0d0d0a)/.test(magic))
    return "is a capture of packets (pcap), which TLS encrypts: capture with HAR or Envoy's HTTP tap";
  if (/^(fffe|feff)/.test(magic)) return "is UTF-16: save it as UTF-8";
  const isBinary = head.subarray(0, 512).includes(0) && protoFormat(head) === undefined;
  return isBinary && !isUtf8(head.subarray(0, 512)) ? EXPORT_AGAIN : undefined;
}

/** A TraceWrapper has an HTTP trace as its field 1 or 2, so that its first byte is 0x0a or 0x12, and such a trace begins with a field too. */
function protoFormat(head: Buffer): "tapProto" | "tapProtoDelimited" | undefined {
  if (isTrace(head, 0)) return "tapProto";
  const length = readVarint(head, 0);
  return length && length.value > 8n && isTrace(head, length.end) ? "tapProtoDelimited" : undefined;
}

function isTrace(head: Buffer, at: number): boolean {
  if (head[at] !== 0x0a && head[at] !== 0x12) return false;
  const length = readVarint(head, at + 1);
  if (!length || length.value < 2n) return false;
  return head[at] === 0x0a ? head[length.end] === 0x0a : head[length.end] === 0x08;
}

/** The keys of the first JSON object, as far as its first bytes show them. */
function rootKeys(head: Buffer): readonly string[] {
  const keys: string[] = [];
  let roots = 0;
  const elements = new JsonElements({
    choose: (path) => {
      if (path.length === 0) roots += 1;
      else if (roots === 1) keys.push(path[0] ?? "");
      return path.length === 0 ? "enter" : "drop";
    },
    without: new Set(),
    maxBytes: 0,
  });
  elements.take(withoutMark(head));
  return keys;
}
