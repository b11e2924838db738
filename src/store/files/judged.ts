import { knownSound } from "../../api/validation/validate.ts";
import { KINDS, type Kind } from "../../api/vocabulary.ts";
import { isRecord, isSameJson } from "../../base/json.ts";
import { idOf, type Read, readObject } from "./declared.ts";
import type { Breather } from "./watch/breather.ts";
import type { FileObject, ParsedFile } from "./yaml/parsedFile.ts";

/** The result of validating an object, and the spec that its transition rules were compared with. */
interface Judged {
  readonly read: Read;
  readonly oldSpec: unknown;
}

/** A file, and what validating each of its objects returned; undefined before. */
export interface JudgedFile {
  readonly parsed: ParsedFile;
  readonly judged: (Judged | undefined)[];
}

/** Returns the object of an id that is in effect. */
export type OldObject = (id: string) => unknown;

/** Validates the objects of a file in order: each once, and again only when a transition rule may judge otherwise. */
export async function judgeAll(
  { parsed, judged }: JudgedFile,
  old: OldObject,
  breather: Breather,
): Promise<readonly Read[]> {
  const reads: Read[] = [];
  for (const [index, object] of parsed.objects.entries()) {
    const known = judged[index];
    const found = known && stillHolds(known, old) ? known : judge(object, old);
    judged[index] = found;
    reads.push(found.read);
    await breather.pause();
  }
  parsed.forget?.();
  return reads;
}

/**
 * What an earlier process read in a file, for the objects that are in effect now: undefined where one has another spec, which a
 * transition rule may compare with. Equal specs become one.
 */
export function recalled(reads: readonly Read[], old: OldObject): (Judged | undefined)[] {
  return reads.map((read) => {
    if (read.kind !== "declared") return { read, oldSpec: undefined };
    const { declared } = read;
    const oldSpec = specOf(old(idOf(declared.kind, declared.namespace, declared.name)));
    const spec = oldSpec === undefined ? declared.spec : oldSpec;
    if (!isSameJson(spec, declared.spec)) return undefined;
    if (isKind(declared.kind) && isRecord(spec)) knownSound(declared.kind, spec);
    return { read: { kind: "declared", declared: { ...declared, spec } }, oldSpec: undefined };
  });
}

function stillHolds({ read, oldSpec }: Judged, old: OldObject): boolean {
  const id = idIn(read);
  if (id === undefined) return true;
  const spec = specOf(old(id));
  return spec === oldSpec || (read.kind === "declared" && spec === read.declared.spec);
}

function judge(object: FileObject, old: OldObject): Judged {
  let oldSpec: unknown;
  const read = readObject(object, (id) => {
    const found = old(id);
    oldSpec = specOf(found);
    return found;
  });
  // The object gets the spec of an equal declaration, so that of the object is not kept for comparison.
  const isSame = read.kind === "declared" && isSameJson(oldSpec, read.declared.spec);
  return { read, oldSpec: isSame ? undefined : oldSpec };
}

function idIn(read: Read): string | undefined {
  if (read.kind === "wrong") return read.id;
  return read.kind === "declared"
    ? idOf(read.declared.kind, read.declared.namespace, read.declared.name)
    : undefined;
}

function specOf(object: unknown): unknown {
  return isRecord(object) ? object.spec : undefined;
}

function isKind(kind: string): kind is Kind {
  return (KINDS as readonly string[]).includes(kind);
}
