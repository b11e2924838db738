/** The text of an ApiAppKey: what a caller can write into `id="…"`. The vendor's are APID and 36 letters or digits. */
export function isApiAppKey(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}

/** The length in bytes below which an ApiAppSecret is short: it is imported only if the Application allows short ones. */
export const SHORT_SECRET_BYTES = 16;

/** The least length in bytes of an imported ApiAppSecret, short ones included: the vendor's gateway takes no custom secret below it. */
export const MIN_SECRET_BYTES = 10;

/** Whitespace, control and format characters: all that an editor, a shell or a web page adds without showing it. */
const INVISIBLE = /[\p{Z}\p{C}]/u;
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

const NAMES: Readonly<Record<string, string>> = {
  "\n": "a line feed",
  "\r": "a carriage return",
  "\t": "a tab",
  " ": "a blank",
  "\u00a0": "a no-break space",
  "\ufeff": "a byte order mark",
  "\0": "a NUL byte",
};

/**
 * What keeps a text from being the ApiAppSecret that callers sign with, as the rest of a sentence that begins with "The
 * ApiAppSecret"; it quotes nothing of the secret. Undefined where nothing is wrong. Such a text would be accepted and
 * every signature would then mismatch, since callers sign with the text that was meant.
 */
export function secretFault(text: string): string | undefined {
  if (text.includes("\ufffd"))
    return "holds bytes that are not UTF-8: save it as UTF-8, without a byte order mark";
  const [first = "", last = ""] = [[...text][0], [...text].at(-1)];
  if (INVISIBLE.test(last))
    return `ends with ${nameOf(last)}: write it without, for example with printf %s instead of echo, or kubectl create secret --from-literal instead of --from-file`;
  if (INVISIBLE.test(first)) return `begins with ${nameOf(first)}: write it without`;
  const inside = CONTROL.exec(text)?.[0];
  if (inside !== undefined)
    return `holds ${nameOf(inside)}: write the secret alone, as one line without control characters`;
  return isEncodedTwice(text)
    ? "is the base64 text of a secret, so it was encoded twice: write the secret itself under stringData, or its base64 text, made once, under data"
    : undefined;
}

function nameOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return NAMES[character] ?? `the invisible character U+${code}`;
}

/** What the vendor takes for a secret: it generates 39 or 40 letters and digits, and takes custom ones of this form. */
const VENDOR_SECRET = /^[A-Za-z0-9_]{10,50}$/;

/**
 * Reported only where the text itself cannot be a secret of the vendor's (a character that its secrets do not have, such as
 * the `=` of padding, or more than 50), while what it decodes to is one, with or without the line end of `echo`. So no
 * secret of the vendor's is ever taken for encoded text.
 */
function isEncodedTwice(text: string): boolean {
  if (VENDOR_SECRET.test(text)) return false;
  const decoded = Buffer.from(text, "base64");
  const isCanonical = decoded.toString("base64") === text;
  return isCanonical && VENDOR_SECRET.test(decoded.toString("latin1").replace(/\r?\n$/, ""));
}
