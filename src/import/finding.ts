import { type Place, placeText } from "./facts.ts";

/**
 * A statement of the report. A `decision` is left to the reader and was not carried over, or was carried over
 * in a way that a person has to confirm; `leftOut` has no counterpart; a `note` changes nothing.
 */
export type Level = "decision" | "leftOut" | "note";

/** One line of MIGRATION.md. Texts contain no secret. */
export interface Finding {
  readonly level: Level;
  /** The heading that it is listed under; also its name in `-o json`. */
  readonly code: FindingCode;
  /** What it is about, such as `application mobile-app (app-e9uvw53e)`. */
  readonly subject: string;
  /** What was found, and what to do. */
  readonly text: string;
  readonly from: readonly Place[];
}

/** The headings of the report, in its order. */
export const HEADINGS = {
  FileNotUsed: "Files that were not used",
  Incomplete: "Lists that are not complete",
  KeyMissing: "Applications without a usable key pair",
  KeyConflict: "Key pairs that differ between files",
  KeyShort: "Key pairs that could be guessed",
  ExpiryUnknown: "Bindings whose end cannot be read",
  Partner: "Bindings to applications that no file has",
  ApiMissing: "Bindings to APIs that no file has",
  NotReleased: "Bindings in environments that are not released",
  NotAppAuth: "APIs without application authentication",
  AuthAssumed: "APIs whose authentication is not known",
  Restricted: "APIs with IP strategies, plugins or other rules",
  PathNotSupported: "Paths that cannot be carried over",
  StaleBinding: "Bindings that only a state has",
  DomainUnknown: "Domains whose mapping is not known",
  HostDies: "Default hosts: these callers have to change",
  HostMissing: "Environments without a host of their own",
  ApiConflict: "APIs that differ between files",
  ApiEdited: "APIs that were edited after the last release",
  Overlap: "Paths of two APIs that overlap",
  Narrowed: "Requests that the narrow path types lose",
  NoCaller: "APIs that no application may call",
  Shortened: "Texts that were shortened",
  Resource: "Resources and responses without a counterpart",
  StateRead: "States that were read",
} as const;
export type FindingCode = keyof typeof HEADINGS;

/** Input that cannot be read at all. An import with one writes nothing. */
export interface InputProblem {
  readonly file: string;
  /** A line, a JSON path or an address; "" for the whole file. */
  readonly at: string;
  readonly message: string;
}

/** A problem as one line: place, what is wrong, what to do. */
export function inputProblemLine({ file, at, message }: InputProblem): string {
  return `${placeText({ file, at })}: ${message}`;
}
