import { HTTP_ROUTE_VERSION } from "../../api/httpRoute.ts";
import { API_VERSION, GROUP, objectKey } from "../../api/names.ts";
import { checkMetadata, LABEL, type MetadataForm, SUBDOMAIN } from "../../api/validation/metadata.ts";
import type { Problem } from "../../api/validation/problem.ts";
import {
  type Validated,
  validateApiDomain,
  validateApiGrant,
  validateApplication,
} from "../../api/validation/validate.ts";
import type { Kind } from "../../api/vocabulary.ts";
import { isRecord } from "../../base/json.ts";
import { oneCopy, SharedValues } from "../../base/oneCopy.ts";
import { secretContentOf } from "./secretContent.ts";
import type { FileObject, FileProblem } from "./yaml/parsedFile.ts";

/** A validated object of a file. */
export interface Declared {
  readonly kind: Kind | "Namespace" | "Secret" | "HTTPRoute";
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** With defaults for Countersign's kinds; a SecretContent for Secrets; the whole object for others. */
  readonly spec: unknown;
  readonly file: string;
  readonly line: number;
}

export type Read =
  | { readonly kind: "declared"; readonly declared: Declared }
  /** An invalid object of a kind that is read; `id` is undefined if its identity is unknown. */
  | { readonly kind: "wrong"; readonly id: string | undefined; readonly problems: readonly FileProblem[] }
  /** Of a kind that Countersign does not read. */
  | { readonly kind: "ignored" };

/** The identity of an object, as `Kind namespace/name`. */
export function idOf(kind: string, namespace: string, name: string): string {
  return `${kind} ${objectKey(namespace, name)}`;
}

const VALIDATORS = {
  Application: validateApplication,
  ApiGrant: validateApiGrant,
  ApiDomain: validateApiDomain,
};
const PLAIN: Readonly<Record<string, string>> = {
  Namespace: "v1",
  Secret: "v1",
  HTTPRoute: HTTP_ROUTE_VERSION,
};
/** Labels and annotations: most objects have none, or the same as others. */
const SHARED = new SharedValues();
const IN_NAMESPACE: MetadataForm = { name: SUBDOMAIN, isNamespaced: true };
const FORMS: Readonly<Record<string, MetadataForm>> = {
  ApiDomain: { name: SUBDOMAIN, isNamespaced: false },
  Namespace: { name: LABEL, isNamespaced: false },
};

/** Validates one object of a file as the API server would. `old` returns the last valid object of an id, for transition rules. */
export function readObject(object: FileObject, old: (id: string) => unknown): Read {
  const { value } = object;
  const kind = kindOf(value);
  if (kind === undefined) return { kind: "ignored" };
  if (typeof kind !== "string") return { kind: "wrong", id: undefined, problems: inFile(object, "", [kind]) };
  const { labels, annotations, ...names } = isRecord(value.metadata) ? value.metadata : {};
  const form = FORMS[kind] ?? IN_NAMESPACE;
  const ofMetadata = checkMetadata(value.metadata, form);
  const name = String(names.name ?? "");
  const namespace = form.isNamespaced ? String(names.namespace || "default") : "";
  const id = idOf(kind, namespace, name);
  const isNamed = !ofMetadata.some(({ field }) => /^metadata(\.name|\.namespace)?$/.test(field));
  const validated = validate(kind, value, isNamed ? old(id) : undefined, isNamed);
  const problems = [...ofMetadata, ...(validated.ok ? [] : validated.problems)];
  if (problems.length > 0 || !validated.ok)
    return { kind: "wrong", id: isNamed ? id : undefined, problems: inFile(object, id, problems) };
  const declared = heldOnce({
    kind: kind as Declared["kind"],
    namespace,
    name,
    labels: textsOf(labels),
    annotations: textsOf(annotations),
    spec: kind === "Secret" ? secretContentOf(value) : validated.spec,
    file: object.file,
    line: object.line,
  });
  return { kind: "declared", declared };
}

/** An equal declaration that shares its texts, labels and annotations with others. */
export function heldOnce({ namespace, name, labels, annotations, ...rest }: Declared): Declared {
  return {
    ...rest,
    namespace: oneCopy(namespace),
    name: oneCopy(name),
    labels: SHARED.of(labels),
    annotations: SHARED.of(annotations),
  };
}

/** Whether objects of this kind are read. */
export function isReadKind(kind: string): kind is Declared["kind"] {
  return Object.hasOwn(VALIDATORS, kind) || Object.hasOwn(PLAIN, kind);
}

/** The kind if it is read; undefined if it is another kind; a problem if it is missing or ambiguous. */
function kindOf({ kind, apiVersion }: FileObject["value"]): string | Problem | undefined {
  if (kind === undefined || kind === null)
    return { field: "kind", message: "is required, such as Application, ApiGrant or ApiDomain" };
  const name = String(kind);
  const isOurs = Object.hasOwn(VALIDATORS, name);
  const version = isOurs ? API_VERSION : Object.hasOwn(PLAIN, name) ? PLAIN[name] : undefined;
  if (version === undefined) return undefined;
  if (apiVersion === version) return name;
  const isForeign = isOurs && !String(apiVersion ?? "").startsWith(`${GROUP}/`);
  if (isForeign && apiVersion !== undefined) return undefined;
  return { field: "apiVersion", message: `must be ${version} for kind ${name}` };
}

/** Objects of other kinds are always valid. An invalid name is reported once, not by a length rule as well. */
function validate(
  kind: string,
  value: FileObject["value"],
  old: unknown,
  isNamed: boolean,
): Validated<unknown> {
  if (!Object.hasOwn(VALIDATORS, kind)) return { ok: true, spec: value };
  const named = isNamed ? value : { ...value, metadata: { name: "unnamed" } };
  return VALIDATORS[kind as Kind](named, isRecord(old) ? old : undefined);
}

/** The problems in file order; those of the object as a whole come last. */
function inFile(object: FileObject, id: string, problems: readonly Problem[]): readonly FileProblem[] {
  const placed = problems.map(({ field, message }) => ({
    file: object.file,
    ...object.positionOf(field),
    field: [id, field].filter((part) => part !== "").join(": "),
    message,
    isWhole: field === "",
  }));
  return placed
    .toSorted((a, b) => Number(a.isWhole) - Number(b.isWhole) || a.line - b.line)
    .map(({ isWhole: _, ...problem }) => problem);
}

/** The fields of a JSON object whose values are texts. */
export function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) => (typeof text === "string" ? [[name, text]] : [])),
  );
}
