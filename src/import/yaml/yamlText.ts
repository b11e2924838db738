/** A value of YAML: text, true or false, a list or a map. Undefined entries of a map are left out. */
export type YamlValue =
  | string
  | boolean
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue | undefined };

/**
 * A document as YAML: block style, and flow style for lists of short maps, as people write grants. Texts that another type
 * could be read from, in YAML 1.1 or 1.2, are quoted.
 */
export function yamlText(document: { readonly [key: string]: YamlValue | undefined }): string {
  return `${mapLines(document, "").join("\n")}\n`;
}

function mapLines(map: { readonly [key: string]: YamlValue | undefined }, indent: string): string[] {
  return Object.entries(map).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const name = `${indent}${scalar(key)}:`;
    if (isScalar(value)) return [`${name} ${scalar(value)}`];
    const isFlow = isList(value) ? value.every(isScalar) : Object.keys(value).length === 0;
    if (isFlow) return [`${name} ${flow(value)}`];
    return isList(value) ? [name, ...listLines(value, indent)] : [name, ...mapLines(value, `${indent}  `)];
  });
}

function listLines(list: readonly YamlValue[], indent: string): string[] {
  return list.flatMap((item) => {
    if (isScalar(item) || isList(item) || isSimple(item)) return [`${indent}- ${flow(item)}`];
    const [first = "", ...rest] = mapLines(item, `${indent}  `);
    return [`${indent}- ${first.slice(indent.length + 2)}`, ...rest];
  });
}

/** A map of scalars alone, which fits on a line. */
function isSimple(map: { readonly [key: string]: YamlValue | undefined }): boolean {
  return Object.values(map).every((value) => value === undefined || isScalar(value));
}

function flow(value: YamlValue): string {
  if (isScalar(value)) return scalar(value);
  if (isList(value)) return `[${value.map(flow).join(", ")}]`;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{${entries.map(([key, one]) => `${scalar(key)}: ${flow(one ?? "")}`).join(", ")}}`;
}

/** Texts that need no quotes anywhere, also in flow style. */
const PLAIN = /^[A-Za-z/][A-Za-z0-9_./-]*$/;
/** What YAML 1.1 reads as something else than text. */
const WORDS = /^(?:y|yes|n|no|true|false|on|off|null)$/i;
/** Characters that JSON leaves as they are, and YAML does not allow in a text or does not show. */
const UNSHOWN = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|\p{Cf}/gu;

function scalar(value: string | boolean): string {
  if (typeof value === "boolean") return String(value);
  if (PLAIN.test(value) && !WORDS.test(value)) return value;
  return JSON.stringify(value.toWellFormed()).replaceAll(UNSHOWN, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff
      ? `\\U${code.toString(16).padStart(8, "0")}`
      : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

function isScalar(value: YamlValue): value is string | boolean {
  return typeof value === "string" || typeof value === "boolean";
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}
