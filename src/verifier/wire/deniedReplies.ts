/** What replies to denials are known by. */
export interface DenialKind {
  /** The scheme's wording; the same object each time. */
  readonly voice: object;
  readonly code: string;
  readonly message: string;
  readonly status: number;
}

/** Encodes the whole reply for a request id. */
type Encode = (requestId: string) => Buffer;

/** Ids of this length are common: Envoy's are UUIDs. */
const ID_LENGTH = 36;
/** Stands in every part of a reply for itself: neither JSON nor a header escapes these. */
const PLAIN = /^[\w.:-]{36}$/;

/** An encoded reply, and where in it the request id stands. */
interface Template extends Omit<DenialKind, "voice" | "code"> {
  readonly bytes: Buffer;
  readonly places: readonly number[];
}

/**
 * Replies to denials that differ from each other in the request id alone, which is most of them: encoded once, and copied after that,
 * so that a client without a key costs less than one with it. One reply is kept for each code and voice, so that what a client
 * chooses cannot make it grow.
 */
export class DeniedReplies {
  readonly #ofVoice = new Map<object, Map<string, Template>>();

  /** The reply, as `encode` would return it. */
  reply(kind: DenialKind, requestId: string, encode: Encode): Buffer {
    if (requestId.length !== ID_LENGTH || !PLAIN.test(requestId)) return encode(requestId);
    const template = this.#templateOf(kind, encode);
    if (template.message !== kind.message || template.status !== kind.status) return encode(requestId);
    const reply = Buffer.allocUnsafe(template.bytes.length);
    template.bytes.copy(reply);
    for (const place of template.places) reply.write(requestId, place, "latin1");
    return reply;
  }

  #templateOf({ voice, code, message, status }: DenialKind, encode: Encode): Template {
    const ofVoice = this.#ofVoice.get(voice) ?? new Map<string, Template>();
    this.#ofVoice.set(voice, ofVoice);
    const known = ofVoice.get(code);
    if (known) return known;
    const template = { message, status, ...encodedWithPlaces(encode) };
    ofVoice.set(code, template);
    return template;
  }
}

/** The reply for one id, and where it differs from that for another, which is where the id begins. */
function encodedWithPlaces(encode: Encode): Pick<Template, "bytes" | "places"> {
  const bytes = encode("a".repeat(ID_LENGTH));
  const other = encode("b".repeat(ID_LENGTH));
  const places: number[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === other[at]) continue;
    places.push(at);
    at += ID_LENGTH - 1;
  }
  return { bytes, places };
}
