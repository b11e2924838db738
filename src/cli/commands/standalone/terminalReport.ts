import { hash } from "node:crypto";
import type { ApiGrant } from "../../../api/apiGrant.ts";
import type { Application } from "../../../api/application.ts";
import type { Condition, ObjectMeta } from "../../../api/meta.ts";
import { objectKey } from "../../../api/names.ts";
import { oneCopy } from "../../../base/oneCopy.ts";
import type { FileProblem } from "../../../store/files/yaml/parsedFile.ts";
import type { Collection, Store } from "../../../store/store.ts";
import { problemLine } from "../../shared/problemLine.ts";

/** Changes within this time are printed together, in order. */
const GATHER_MS = 50;

interface Reported {
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly status?: { readonly conditions?: readonly Condition[]; readonly observedGeneration?: number };
}

/** Prints the state of each object at each change, in lines with aligned columns. */
export class TerminalReport {
  readonly #print: (lines: string) => void;
  /** A digest of the last line of each object: lines of 100,000 objects would take 60 MB. */
  readonly #printed = new Map<string, string>();
  readonly #waiting = new Map<string, () => Reported | undefined>();
  #details: (object: Reported) => string = () => "";
  #timer: NodeJS.Timeout | undefined;

  /** `print` gets whole lines, without the end of the last one: a write for each of 10,000 lines would take 0.1 s of the start. */
  constructor(print: (lines: string) => void) {
    this.#print = print;
  }

  /** Reports every change of the store's objects from now on. */
  follow(store: Pick<Store, "applications" | "grants" | "domains">, stateDirectory: string): void {
    this.#details = (object) => detailsOf(object, stateDirectory);
    this.#followAll(store.domains);
    this.#followAll(store.applications);
    this.#followAll(store.grants);
  }

  problems(problems: readonly FileProblem[]): void {
    for (const problem of problems) this.#print(`error        ${problemLine(problem)}`);
    if (problems.length === 0) this.#print("             all files are valid again");
    else this.#print("             the last valid content of these files stays in effect");
  }

  /** Prints all waiting changes immediately. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const inOrder = [...this.#waiting].sort(([a], [b]) => orderOf(a) - orderOf(b) || (a < b ? -1 : 1));
    const lines = inOrder.flatMap(([id, look]) => this.#newLine(id, look()) ?? []);
    this.#waiting.clear();
    if (lines.length > 0) this.#print(lines.join("\n"));
  }

  #followAll<T extends Reported>(collection: Collection<T>): void {
    const note = (key: string) => {
      const kind = collection.get(key)?.kind ?? this.#kindOf(key);
      this.#waiting.set(`${kind} ${key}`, () => collection.get(key));
      this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
    };
    for (const object of collection.values())
      note(objectKey(object.metadata.namespace, object.metadata.name));
    collection.subscribe(note);
  }

  #kindOf(key: string): string {
    return [...this.#printed.keys()].find((id) => id.endsWith(` ${key}`))?.split(" ")[0] ?? "Object";
  }

  /** The line to print about an object; undefined if the last one still holds, or there is nothing to report yet. */
  #newLine(id: string, object: Reported | undefined): string | undefined {
    if (!object) return this.#printed.delete(id) ? `${heading(id)}Deleted` : undefined;
    const line = lineOf(id, object, this.#details(object));
    if (line === undefined) return undefined;
    const digest = hash("sha1", line, "base64");
    if (this.#printed.get(id) === digest) return undefined;
    this.#printed.set(oneCopy(id), digest);
    return line;
  }
}

function orderOf(id: string): number {
  return ["ApiDomain", "Application", "ApiGrant"].indexOf(id.split(" ")[0] ?? "");
}

/** Undefined while the Ready condition is missing or older than the object. */
function lineOf(id: string, { status, metadata }: Reported, details: string): string | undefined {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  if (!ready || ready.observedGeneration !== metadata.generation) return undefined;
  const isWell = ready.status === "True" && ready.reason === "Ready";
  const word = isWell ? "Ready" : ready.status === "True" ? ready.reason : `Not ready: ${ready.reason}`;
  const texts = isWell ? [details] : [ready.message, details];
  return `${heading(id)}${column(word, 8)}${texts.filter((text) => text !== "").join("  ")}`.trimEnd();
}

function heading(id: string): string {
  const [kind = "", key = ""] = id.split(" ");
  return `${column(kind, 13)}${column(key, 25)}`;
}

/** Pads a cell to the column's width. A longer cell is followed by two spaces. */
function column(cell: string, width: number): string {
  return `${cell.padEnd(width - 2)}  `;
}

function detailsOf(object: Reported, stateDirectory: string): string {
  if (object.kind === "Application") return applicationDetails(object as Application, stateDirectory);
  if (object.kind === "ApiGrant") return grantDetails(object as ApiGrant);
  return "";
}

function applicationDetails({ metadata, status }: Application, stateDirectory: string): string {
  const { applicationId, secretName, keys } = status ?? {};
  const active = keys?.find(({ state }) => state === "Active")?.apiAppKey;
  if (applicationId === undefined || active === undefined) return "";
  const file = `${stateDirectory}/credentials/${metadata.namespace}/${secretName}.yaml`;
  return `${applicationId}  key ${active}  secret: ${file}`;
}

function grantDetails({ spec }: ApiGrant): string {
  const apis = (spec.apis ?? []).map(({ name, hosts = [], paths = [], methods }) => {
    const verbs = methods && methods.length > 0 ? methods.join(" ") : "all methods";
    const first = `${hosts[0] ?? ""}${paths[0]?.value ?? ""}`;
    const more = hosts.length * paths.length - 1;
    return `${name}  ${verbs}  ${first}${more > 0 ? ` and ${more} more` : ""}`;
  });
  return `${spec.environment}: ${apis.slice(0, 3).join("; ")}${apis.length > 3 ? "; …" : ""}`;
}
