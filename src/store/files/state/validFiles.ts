import { isRecord, list, parseJson, text } from "../../../base/json.ts";
import { type Declared, heldOnce, isReadKind, type Read, textsOf } from "../declared.ts";
import { type SecretContent, secretContentOf } from "../secretContent.ts";
import type { StateDirectory } from "./stateDirectory.ts";

/** The folder of the records. */
const FOLDER = "files";

/**
 * What files of the directory declare, in the state directory, so that the next start need not parse and validate files that have not
 * changed. There is a record only for a file whose objects are all valid. A record counts for the text with its digest and for the
 * program that wrote it alone: another one may have other rules. Whatever is unusual about a record, the file is read as if there
 * were no record.
 */
export class ValidFiles {
  readonly #state: StateDirectory;
  readonly #program: string;

  /** `program` identifies this build and the version of Node. */
  constructor(state: StateDirectory, program: string) {
    this.#state = state;
    this.#program = program;
  }

  /** What was read in the text with this digest, as if it were in the file of this path; undefined if that is not known. */
  recall(name: string, path: string, digest: string): readonly Read[] | undefined {
    const record = this.#state.record(`${FOLDER}/${name}`);
    const head = this.#headOf(digest);
    if (!record?.startsWith(head)) return undefined;
    const reads = list(parseJson(record.slice(head.length))).map((value) => fromJson(value, path));
    return reads.length > 0 && reads.every((read) => read !== undefined) ? reads : undefined;
  }

  /** Keeps what was read in the text with this digest if all of it is valid, and forgets the file otherwise. */
  remember(name: string, digest: string, reads: readonly Read[]): void {
    const isValid = reads.length > 0 && reads.every(({ kind }) => kind !== "wrong");
    if (!isValid) this.forget(name);
    else this.#state.write(`${FOLDER}/${name}`, this.#headOf(digest) + JSON.stringify(reads.map(toJson)));
  }

  forget(name: string): void {
    this.#state.remove(`${FOLDER}/${name}`);
  }

  /** Forgets all files that do not have one of these names. */
  keepOnly(names: { has(name: string): boolean }): void {
    for (const name of this.#state.names(FOLDER)) if (!names.has(name)) this.forget(name);
  }

  #headOf(digest: string): string {
    return `${this.#program} ${digest}\n`;
  }
}

/** Null for an object of a kind that is not read. */
function toJson(read: Read): unknown {
  if (read.kind !== "declared") return null;
  const { file: _, spec, ...head } = read.declared;
  return { ...head, spec: head.kind === "Secret" ? secretToJson(spec as SecretContent) : spec };
}

/** The state directory has the key pairs of all Applications in the same file. */
function secretToJson({ data, ...rest }: SecretContent): unknown {
  return { ...rest, stringData: Object.fromEntries([...data].map(([key, value]) => [key, value.reveal()])) };
}

/** Undefined if the value has another shape than that of toJson. */
function fromJson(value: unknown, file: string): Read | undefined {
  if (value === null) return { kind: "ignored" };
  if (!isRecord(value) || !isRecord(value.spec)) return undefined;
  const { kind, namespace, name, labels, annotations, line, spec } = value;
  if (!isReadKind(text(kind)) || text(name) === "" || typeof namespace !== "string") return undefined;
  if (!isRecord(labels) || !isRecord(annotations) || !Number.isSafeInteger(line)) return undefined;
  const declared = {
    ...{ kind: kind as Declared["kind"], namespace, name: text(name), line: Number(line), file },
    ...{ labels: textsOf(labels), annotations: textsOf(annotations) },
    spec: kind === "Secret" ? secretContentOf(spec) : spec,
  };
  return { kind: "declared", declared: heldOnce(declared) };
}
