import { isRecord } from "../../base/json.ts";
import { DNS_LABEL, DNS_SUBDOMAIN } from "../schema/common.ts";
import { fieldOf, firstOf, type Problem } from "./problem.ts";

/** What metadata of a kind must look like. */
export interface MetadataForm {
  /** Most names are RFC 1123 subdomains; a Namespace's is a label. */
  readonly name: NameForm;
  readonly isNamespaced: boolean;
}

export interface NameForm {
  readonly pattern: RegExp;
  readonly maxLength: number;
  /** The allowed form, as the rest of a sentence. */
  readonly text: string;
}

const ENDS = "beginning and ending with a letter or digit";
export const SUBDOMAIN: NameForm = {
  pattern: new RegExp(DNS_SUBDOMAIN),
  maxLength: 253,
  text: `a lower-case RFC 1123 subdomain: lower-case letters, digits, '-' and '.', ${ENDS}`,
};
export const LABEL: NameForm = {
  pattern: new RegExp(DNS_LABEL),
  maxLength: 63,
  text: `a lower-case RFC 1123 label: lower-case letters, digits and '-', ${ENDS}`,
};
const QUALIFIED: NameForm = {
  pattern: /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/,
  maxLength: 63,
  text: `letters, digits, '-', '_' and '.', ${ENDS}`,
};
const LABEL_VALUE: NameForm = { ...QUALIFIED, pattern: new RegExp(`^$|${QUALIFIED.pattern.source}`) };

/** Keys and values together, as the API server counts them. */
const MAX_ANNOTATION_BYTES = 262_144;
/** The fields of metav1.ObjectMeta. */
const FIELDS = new Set([
  ...["name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation"],
  ...["creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "labels", "annotations"],
  ...["ownerReferences", "finalizers", "managedFields"],
]);

/** Checks the metadata that somebody wrote as the API server does: name, namespace, labels, annotations, unknown fields. */
export function checkMetadata(metadata: unknown, form: MetadataForm): readonly Problem[] {
  if (metadata !== undefined && metadata !== null && !isRecord(metadata))
    return [problem([], "must be a map with a name in it")];
  const { name, namespace, labels, annotations } = metadata ?? {};
  const unknown = Object.keys(metadata ?? {}).filter((field) => !FIELDS.has(field));
  return firstOf([
    ...(isMissing(name)
      ? [problem(["name"], `is required: ${form.name.text}, such as mobile-app`)]
      : checkText(["name"], name, form.name)),
    ...(form.isNamespaced && !isMissing(namespace) ? checkText(["namespace"], namespace, LABEL) : []),
    ...checkMap("labels", labels, (path, value) => checkText(path, value, LABEL_VALUE)),
    ...checkMap("annotations", annotations, checkIsText),
    ...checkAnnotationBytes(annotations),
    ...unknown.map((field) => problem([field], "unknown field: remove it, or correct its name")),
  ]);
}

function checkMap(
  field: "labels" | "annotations",
  map: unknown,
  checkValue: (path: readonly string[], value: unknown) => readonly Problem[],
): readonly Problem[] {
  if (map === undefined || map === null) return [];
  if (!isRecord(map)) return [problem([field], "must be a map of text to text")];
  return Object.entries(map).flatMap(([key, value]) => [
    ...checkKey([field, key], field === "annotations" ? key.toLowerCase() : key),
    ...checkValue([field, key], value),
  ]);
}

/** A key is a name, with a DNS name and a slash in front of it or without. */
function checkKey(path: readonly string[], key: string): readonly Problem[] {
  const [name = "", prefix, ...more] = key.split("/").toReversed();
  if (more.length > 0) return [problem(path, `the key ${quoted(key)} has more than one '/'`)];
  return [
    ...(prefix === undefined ? [] : checkForm(path, prefix, SUBDOMAIN, "the key's prefix ")),
    ...checkForm(path, name, QUALIFIED, "the key "),
  ];
}

function checkText(path: readonly string[], value: unknown, form: NameForm): readonly Problem[] {
  return typeof value === "string" ? checkForm(path, value, form) : checkIsText(path, value);
}

/** YAML reads `yes`, `1.10` and `null` as something else than text. */
function checkIsText(path: readonly string[], value: unknown): readonly Problem[] {
  if (typeof value === "string") return [];
  const what = value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
  const isScalar = typeof value === "number" || typeof value === "boolean";
  return [
    problem(
      path,
      isScalar ? `must be text, not ${what}: write "${value}" in quotes` : `must be text, not ${what}`,
    ),
  ];
}

function checkForm(path: readonly string[], text: string, form: NameForm, what = ""): readonly Problem[] {
  if (text.length > form.maxLength)
    return [problem(path, `${what}${quoted(text)} has ${text.length} characters: ${form.maxLength} at most`)];
  if (form.pattern.test(text)) return [];
  const suggestion = suggested(text, form);
  const such = suggestion === undefined ? "" : `, such as ${suggestion}`;
  return [problem(path, `${what}${quoted(text)} is invalid: it must be ${form.text}${such}`)];
}

/** The same text as near as the form allows; undefined where little would be left of it. */
function suggested(text: string, { pattern }: NameForm): string | undefined {
  const isLower = !pattern.test("A");
  const near = (isLower ? text.toLowerCase() : text)
    .replaceAll(/[^A-Za-z0-9.-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .replace(/[^A-Za-z0-9]+$/, "");
  return pattern.test(near) && near.length >= text.length / 2 ? near : undefined;
}

function checkAnnotationBytes(annotations: unknown): readonly Problem[] {
  if (!isRecord(annotations)) return [];
  const size = Object.entries(annotations).reduce((sum, entry) => sum + bytesOf(entry), 0);
  if (size <= MAX_ANNOTATION_BYTES) return [];
  return [problem(["annotations"], `must have at most ${MAX_ANNOTATION_BYTES} bytes, and has ${size}`)];
}

function bytesOf([key, value]: readonly [string, unknown]): number {
  return Buffer.byteLength(key) + (typeof value === "string" ? Buffer.byteLength(value) : 0);
}

function problem(path: readonly string[], message: string): Problem {
  return { field: fieldOf(["metadata", ...path]), message };
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}
