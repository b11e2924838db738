/** One `name=value` of a query or a form, as a pair of byte strings. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
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
        ? { name: item, value: "" }
        : { name: item.slice(0, equals), value: item.slice(equals + 1) };
    });
}

/** Form-decoded parameters: `+` is a blank, `%41` is `A`; undefined when an escape is malformed, since `%zz` and `%25zz` would be one. */
export function decodeParameters(parameters: readonly Parameter[]): readonly Parameter[] | undefined {
  const decoded: Parameter[] = [];
  for (const { name, value } of parameters) {
    const plain = { name: decode(name), value: decode(value) };
    if (plain.name === undefined || plain.value === undefined) return undefined;
    decoded.push({ name: plain.name, value: plain.value });
  }
  return decoded;
}

function decode(text: string): string | undefined {
  if (!/[%+]/.test(text)) return text;
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  return text
    .replaceAll("+", " ")
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Sorted by name, values of a repeated name sorted too, joined by `&`; an empty value leaves the bare name. By bytes. */
export function joinSorted(parameters: readonly Parameter[]): string {
  return [...parameters]
    .sort((a, b) => compare(a.name, b.name) || compare(a.value, b.value))
    .map(({ name, value }) => (value === "" ? name : `${name}=${value}`))
    .join("&");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
