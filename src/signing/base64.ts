const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Int8Array(256).fill(-1);
for (let value = 0; value < ALPHABET.length; value += 1) VALUES[ALPHABET.charCodeAt(value)] = value;

const PADDING = 0x3d;

/**
 * The bytes of base64 text in its one canonical spelling, with padding and without spare bits, so that a signature has no
 * twin; undefined for any other text. Node's own decoder is lenient: it takes many spellings of the same bytes.
 */
export function decodeBase64(text: string): Buffer | undefined {
  const length = text.length;
  if (length === 0 || length % 4 !== 0) return undefined;
  let padding = 0;
  if (text.charCodeAt(length - 1) === PADDING) padding = text.charCodeAt(length - 2) === PADDING ? 2 : 1;
  const digits = length - padding;
  for (let at = 0; at < digits; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 255 || (VALUES[code] ?? -1) < 0) return undefined;
  }
  const last = VALUES[text.charCodeAt(digits - 1)] ?? 0;
  const spare = padding === 0 ? 0 : padding === 1 ? last & 3 : last & 15;
  return spare === 0 ? Buffer.from(text, "base64") : undefined;
}
