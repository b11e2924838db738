import type { Fact, Place } from "./facts.ts";
import type { Finding, InputProblem } from "./finding.ts";
import type { Gateway } from "./gateway/gateway.ts";
import { JsonNode } from "./json/jsonNode.ts";
import { scanJson } from "./json/jsonScan.ts";
import { parseText } from "./json/largeState.ts";
import { readDocument } from "./sources/documents.ts";
import type { Sink } from "./sources/sink.ts";
import { recogniseBytes } from "./sources/sourceText.ts";
import type { InstancesOf, StateVersion } from "./sources/states.ts";

/** One input file. */
export interface InputFile {
  /** As messages and MIGRATION.md name it, with `/` between folders. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Whether the user named the file itself and not a folder above it: a backup counts only then. */
  readonly isNamed: boolean;
}

/** All that was read: facts in the order of the files, what was not used, and what cannot be read. */
export interface Inputs {
  readonly facts: readonly Fact[];
  readonly findings: readonly Finding[];
  readonly problems: readonly InputProblem[];
}

interface StateFile {
  readonly name: string;
  readonly version: StateVersion;
  readonly isBackup: boolean;
  readonly isNamed: boolean;
  readonly facts: readonly Fact[];
}

/** Reads input files one after the other, so that only the facts of a file stay in memory. */
export class InputReader {
  readonly #gateway: Gateway;
  readonly #facts: Fact[] = [];
  readonly #states: StateFile[] = [];
  readonly #findings: Finding[] = [];
  readonly #problems: InputProblem[] = [];
  readonly #counts = new Map<string, { count: number; readonly from: Place }>();

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  /** Reads one file; never throws on what a file contains. */
  add(file: InputFile): void {
    const { sources, words } = this.#gateway;
    const text = recogniseBytes(file.bytes, { texts: sources.texts, emptyFile: words.emptyFile });
    const whole: Place = { file: file.name, at: "" };
    if (text.kind === "json") this.#addJson(file, text.bytes);
    else if (text.kind === "unusable") this.#skip(whole, text.what, text.remedy);
    else this.#count("files that are not JSON", whole);
  }

  /** Call it once, after the last file. */
  finish(): Inputs {
    this.#chooseStates();
    for (const [type, { count, from }] of this.#counts)
      this.#findings.push({
        level: "note",
        code: "Resource",
        subject: type,
        text: `${count} found`,
        from: [from],
      });
    return { facts: this.#facts, findings: this.#findings, problems: this.#problems };
  }

  #addJson(file: InputFile, bytes: Uint8Array): void {
    const scan = scanJson(bytes);
    if (!scan.ok) {
      const at = `line ${scan.line}, column ${scan.column}`;
      this.#problems.push({ file: file.name, at, message: scan.message });
      return;
    }
    for (const [index, text] of scan.texts.entries()) {
      const at = scan.texts.length > 1 ? `document ${index + 1}` : "";
      try {
        const { value, instancesOf } = parseText(bytes, text);
        const document = new JsonNode(value, { file: file.name, problems: this.#problems }, at);
        this.#read(document, file, instancesOf);
      } catch (error) {
        // A message of JSON.parse or of the decoder quotes the input, which may hold a secret; other errors are bugs.
        if (!isUnreadable(error)) throw error;
        this.#problems.push({ file: file.name, at, message: "is not valid JSON in UTF-8: export it again" });
      }
    }
  }

  #read(document: JsonNode, { name, isNamed }: InputFile, instancesOf: InstancesOf): void {
    const facts: Fact[] = [];
    const sink: Sink = {
      add: (fact) => facts.push(fact),
      skip: (from, what, remedy) => this.#skip(from, what, remedy),
      count: (type, from) => this.#count(type, from),
    };
    const recognised = readDocument(document, this.#gateway, sink, instancesOf);
    if (recognised.kind === "other") for (const fact of facts) this.#facts.push(fact);
    else
      this.#states.push({
        name,
        isNamed,
        version: recognised.version,
        isBackup: /\.backup$/.test(name),
        facts,
      });
  }

  /** Of one lineage the highest serial counts, and a backup only if the user named it. */
  #chooseStates(): void {
    const usable = this.#states.filter(({ isBackup, isNamed }) => !isBackup || isNamed);
    const highest = new Map<string, StateFile>();
    for (const state of usable) {
      const before = highest.get(state.version.lineage);
      if (!before || state.version.serial > before.version.serial) highest.set(state.version.lineage, state);
    }
    for (const state of this.#states) {
      const newest = highest.get(state.version.lineage);
      if (usable.includes(state) && newest?.version.serial === state.version.serial) this.#take(state);
      else this.#findings.push(unusedState(state, newest));
    }
  }

  #take({ name, version, facts, isBackup }: StateFile): void {
    for (const fact of facts) this.#facts.push(fact);
    const text = `${isBackup ? "a backup" : "a state"}, serial ${version.serial} of lineage ${version.lineage}`;
    this.#findings.push({ level: "note", code: "StateRead", subject: name, text, from: [] });
  }

  #skip(from: Place, what: string, remedy: string): void {
    this.#findings.push({
      level: "leftOut",
      code: "FileNotUsed",
      subject: from.file,
      text: `${what}: ${remedy}`,
      from: [from],
    });
  }

  #count(type: string, from: Place): void {
    const known = this.#counts.get(type);
    if (known) known.count += 1;
    else this.#counts.set(type, { count: 1, from });
  }
}

/** An older version of a state. It needs a decision where it has applications and the newest one has none. */
function unusedState(state: StateFile, newest: StateFile | undefined): Finding {
  const { name, version, isBackup } = state;
  const isEmptied = applicationsOf(state) > 0 && (newest === undefined || applicationsOf(newest) === 0);
  const what = `is ${isBackup ? "a backup" : "an older version"} (serial ${version.serial}, ${applicationsOf(state)} applications)`;
  const text = isEmptied
    ? `${what}, and the newest state that was read has none: if a refresh emptied it, name this file alone`
    : `${what} of a state: older versions have older keys, and are read only where they are named alone`;
  const level = isEmptied ? "decision" : "note";
  return { level, code: "FileNotUsed", subject: name, text, from: [{ file: name, at: "" }] };
}

/** Whether an error means that a text is not JSON, or not UTF-8. It may be from another realm, such as a test's. */
function isUnreadable(error: unknown): boolean {
  const name = String(Object(error).name);
  return (
    name === "SyntaxError" ||
    (name === "TypeError" && Object(error).code === "ERR_ENCODING_INVALID_ENCODED_DATA")
  );
}

function applicationsOf({ facts }: StateFile): number {
  return facts.filter(({ kind }) => kind === "application").length;
}
