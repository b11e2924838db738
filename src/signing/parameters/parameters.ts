/** One `name=value` of a query or a form, as byte strings. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
  /** Whether it came with its `=`: `a=` and `a` are one parameter to most, but clients differ in how they sign it. */
  readonly hasEquals: boolean;
}

/** The items of a query or form text; empty items (`&&`) name nothing and are left out. The first `=` parts name and value. */
export function splitParameters(text: string): readonly Parameter[] {
  if (text === "") return [];
  return text
    .split("&")
    .filter((item) => item !== "")
    .map((item) => {
      const equals = item.indexOf("=");
      return equals < 0
        ? { name: item, value: "", hasEquals: false }
        : { name: item.slice(0, equals), value: item.slice(equals + 1), hasEquals: true };
    });
}

/** Form-decoded parameters: `+` is a blank, `%41` is `A`; undefined when an escape is malformed, since `%zz` and `%25zz` would be one. */
export function decodeParameters(parameters: readonly Parameter[]): readonly Parameter[] | undefined {
  const decoded: Parameter[] = [];
  for (const { name, value, hasEquals } of parameters) {
    const plain = { name: decode(name), value: decode(value) };
    if (plain.name === undefined || plain.value === undefined) return undefined;
    decoded.push({ name: plain.name, value: plain.value, hasEquals });
  }
  return decoded;
}

function decode(text: string): string | undefined {
  if (text.includes("+")) return percentDecoded(text.replaceAll("+", " "));
  return text.includes("%") ? percentDecoded(text) : text;
}

/** The bytes that a percent-encoded text stands for; undefined when an escape is malformed. */
export function percentDecoded(text: string): string | undefined {
  const bytes = Buffer.from(text, "latin1");
  let end = 0;
  for (let at = 0; at < bytes.length; at += 1, end += 1) {
    const byte = bytes[at] ?? 0;
    if (byte !== PERCENT) {
      bytes[end] = byte;
      continue;
    }
    const value = hexDigit(bytes[at + 1]) * 16 + hexDigit(bytes[at + 2]);
    if (Number.isNaN(value)) return undefined;
    bytes[end] = value;
    at += 2;
  }
  return bytes.toString("latin1", 0, end);
}

const PERCENT = 0x25;

/** NaN if it is missing. */
function hexDigit(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Number.NaN;
}

/** As the vendor documents it: an empty value leaves the bare name. */
export function bare({ name, value }: Parameter): string {
  return value === "" ? name : `${name}=${value}`;
}

/** With the `=` of an empty value kept, as Python, JavaScript and Go do. */
export function kept({ name, value, hasEquals }: Parameter): string {
  return hasEquals ? `${name}=${value}` : name;
}
