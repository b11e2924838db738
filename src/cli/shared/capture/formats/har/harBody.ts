import { isRecord, list } from "../../../../../base/json.ts";
import { valuesOf } from "../../checkedRequest.ts";
import type { HttpMessage } from "../../httpMessage.ts";
import { BODYLESS } from "../bodyless.ts";
import { isAscii } from "../jsonLine.ts";

/** The body of a request in a HAR file. `gap` is why its bytes are not known; default: they are. */
export interface HarBody {
  readonly bytes: Buffer;
  readonly gap?: string;
}

interface Request {
  readonly method: string;
  readonly headers: HttpMessage["headers"];
  readonly bodySize: unknown;
  readonly postData: unknown;
}

const NONE: HarBody = { bytes: Buffer.alloc(0) };
const FORM = /^application\/x-www-form-urlencoded\b/i;

/**
 * The bytes of the body, as far as the file proves them: HAR stores text, and exporters store it decoded, decompressed, shortened or as a list
 * of fields. Content-Length, or `bodySize`, must confirm every text that can be bytes in more than one way.
 */
export function harBody(request: Request): HarBody {
  const post = isRecord(request.postData) ? request.postData : {};
  const text = typeof post.text === "string" ? post.text : "";
  const sent = sentLength(request);
  if (text !== "") return fromText(text, isBase64(post), sent, isCompressed(request));
  const fields = list(post.params);
  if (fields.length > 0) return fromFields(fields, post.mimeType, sent);
  return hasNoBody(request, sent) ? NONE : unknown(`the HAR has no body of it${ofSize(sent)}`);
}

/** How many bytes the client sent; undefined if the file does not contain it. Some exporters write 0 for a size that they do not know. */
function sentLength({ headers, bodySize }: Request): number | undefined {
  const [length, ...more] = valuesOf(headers, "content-length");
  if (length !== undefined && more.length === 0 && /^\d{1,10}$/.test(length)) return Number(length);
  return typeof bodySize === "number" && bodySize > 0 ? bodySize : undefined;
}

/** Some exporters, such as mitmproxy, store the decompressed text with its own size. Content-Length is that of the compressed bytes. */
function isCompressed({ headers }: Request): boolean {
  const encodings = valuesOf(headers, "content-encoding").filter((value) => !/^(identity)?$/i.test(value));
  return encodings.length > 0 && valuesOf(headers, "content-length").length === 0;
}

/** HAR 1.2 has no field for the encoding of a request's body. Exporters use that of responses, one with an underscore, or the comment. */
function isBase64({ encoding, _encoding, comment }: Readonly<Record<string, unknown>>): boolean {
  return (
    [encoding, _encoding].some((one) => /^base64$/i.test(String(one))) || /base64/i.test(String(comment))
  );
}

function fromText(text: string, isEncoded: boolean, sent: number | undefined, compressed: boolean): HarBody {
  if (compressed) return unknown("its body was compressed, and the HAR may have the decompressed text");
  if (!isEncoded && /[\ufffd\ud800-\udfff]/.test(text.replaceAll(/[\ud800-\udbff][\udc00-\udfff]/g, "")))
    return unknown("the HAR has replacement characters for bytes of its body that are not UTF-8");
  const candidates = isEncoded ? [Buffer.from(text, "base64")] : encodings(text);
  const [only, other] = candidates;
  if (only && !other && sent === undefined) return { bytes: only };
  const matching = candidates.find(({ length }) => length === sent);
  if (matching) return { bytes: matching };
  return unknown(
    sent === undefined
      ? "the HAR has neither the encoding nor the size of its body, which is not ASCII"
      : `the HAR has another body than was sent${ofSize(sent)}`,
  );
}

/** What the text may have been: UTF-8, or one byte for each character, as exporters write that do not know the encoding. */
function encodings(text: string): readonly Buffer[] {
  const utf8 = Buffer.from(text, "utf8");
  return isAscii(text) || /[^\0-\xff]/.test(text) ? [utf8] : [utf8, Buffer.from(text, "latin1")];
}

/** A form from its fields, where these can be sent in one way only. */
function fromFields(fields: readonly unknown[], mimeType: unknown, sent: number | undefined): HarBody {
  const pairs = fields.map((one) => (isRecord(one) ? [one.name, one.value ?? ""] : [undefined]));
  const isPlain = pairs.flat().every((one) => typeof one === "string" && /^[A-Za-z0-9._~-]*$/.test(one));
  const bytes = Buffer.from(pairs.map((pair) => pair.join("=")).join("&"));
  const isForm = typeof mimeType === "string" && FORM.test(mimeType);
  return isForm && isPlain && bytes.length === sent
    ? { bytes }
    : unknown("the HAR has the fields of its form, and not the bytes that were sent");
}

function hasNoBody({ method, headers, postData, bodySize }: Request, sent: number | undefined): boolean {
  if (sent !== undefined) return sent === 0;
  const announced = ["transfer-encoding", "content-type"].some((name) => valuesOf(headers, name).length > 0);
  return BODYLESS.has(method) ? !isRecord(postData) || !announced : bodySize === 0 && !announced;
}

function ofSize(sent: number | undefined): string {
  return sent === undefined ? "" : ` (${sent} bytes were sent)`;
}

function unknown(gap: string): HarBody {
  return { bytes: Buffer.alloc(0), gap };
}
