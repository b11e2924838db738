import { HTTP_ROUTE_VERSION } from "../../api/httpRoute.ts";
import { API_VERSION, objectKey } from "../../api/names.ts";
import type { Problem } from "../../api/validation/problem.ts";
import { validateApiDomain, validateApiGrant, validateApplication } from "../../api/validation/validate.ts";
import type { Kind } from "../store.ts";
import { type FileObject, type FileProblem, isRecord } from "./yamlFile.ts";

/** An object that somebody wrote, checked. */
export interface Declared {
  readonly kind: Kind | "Namespace" | "Secret" | "HTTPRoute";
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** With defaults, for our kinds; the object as it stands for others. */
  readonly spec: unknown;
  readonly file: string;
  readonly line: number;
}

export type Read =
  | { readonly kind: "declared"; readonly declared: Declared }
  /** It is one of the kinds that are read, but wrong; `id` names it where it has a name. */
  | { readonly kind: "wrong"; readonly id: string | undefined; readonly problems: readonly FileProblem[] }
  /** Of a kind that Countersign does not read. */
  | { readonly kind: "ignored" };

/** Which object it is, as `Kind namespace/name`. */
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
const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Checks one object of a file as the API server would; `old` is the last good object of that id, for rules about changes. */
export function readObject(object: FileObject, old: (id: string) => unknown): Read {
  const { value, file } = object;
  const metadata = isRecord(value.metadata) ? value.metadata : {};
  const kind = String(value.kind ?? "");
  const wrong = (field: string, message: string, id?: string): Read => ({
    kind: "wrong",
    id,
    problems: [{ file, line: object.lineOf(field), field, message }],
  });
  if (value.kind === undefined) return wrong("kind", "kind is required");
  const isOurs = Object.hasOwn(VALIDATORS, kind);
  if (!isOurs && !Object.hasOwn(PLAIN, kind)) return { kind: "ignored" };
  const version = isOurs ? API_VERSION : PLAIN[kind];
  if (value.apiVersion !== version) {
    const isForeign = !String(value.apiVersion ?? "").startsWith("countersign.dev/") && isOurs;
    if (isForeign && value.apiVersion !== undefined) return { kind: "ignored" };
    return wrong("apiVersion", `apiVersion of ${kind} must be ${version}`);
  }
  const { name } = metadata;
  if (typeof name !== "string" || !NAME.test(name))
    return wrong("metadata.name", "metadata.name is required: lower-case letters, digits, - and .");
  const isClusterScoped = kind === "ApiDomain" || kind === "Namespace";
  const namespace = isClusterScoped ? "" : (metadata.namespace ?? "default");
  const id = idOf(kind, String(namespace), name);
  if (typeof namespace !== "string" || (!isClusterScoped && !LABEL.test(namespace)))
    return wrong(
      "metadata.namespace",
      "metadata.namespace must be a name of lower-case letters, digits and -",
    );
  const base = {
    kind: kind as Declared["kind"],
    namespace,
    name,
    labels: texts(metadata.labels),
    annotations: texts(metadata.annotations),
    file,
    line: object.line,
  };
  if (!isOurs) return { kind: "declared", declared: { ...base, spec: value } };
  const known = old(id);
  const validated = VALIDATORS[kind as Kind](value, isRecord(known) ? known : undefined);
  if (validated.ok) return { kind: "declared", declared: { ...base, spec: validated.spec } };
  return { kind: "wrong", id, problems: inFile(object, id, validated.problems) };
}

/** The problems in the order of the file; what is said of the object as a whole comes last. */
function inFile(object: FileObject, id: string, problems: readonly Problem[]): readonly FileProblem[] {
  const placed = problems.map(({ field, message }) => ({
    file: object.file,
    line: object.lineOf(field),
    field: field === "" ? id : `${id}: ${field}`,
    message,
    isWhole: field === "",
  }));
  return placed
    .toSorted((a, b) => Number(a.isWhole) - Number(b.isWhole) || a.line - b.line)
    .map(({ isWhole: _, ...problem }) => problem);
}

function texts(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) => (typeof text === "string" ? [[name, text]] : [])),
  );
}
