/** A problem of a file, with line and field if they are known. */
export interface FileProblem {
  readonly file: string;
  readonly line: number;
  /** From 1; undefined if it is not known. */
  readonly column?: number;
  /** Such as `ApiGrant team-shop/partners: spec.apis[0].hosts[1]`; "" for the file as a whole. */
  readonly field: string;
  readonly message: string;
}

/** One object of a file, not validated yet. */
export interface FileObject {
  readonly file: string;
  readonly line: number;
  readonly value: Readonly<Record<string, unknown>>;
  /** Where a field such as `spec.apis[0].hosts[1]` or `metadata.labels[example.com/team]` is, or its nearest parent in the file. */
  positionOf(field: string): Position;
}

/** A place in a file; both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface ParsedFile {
  /** The objects that can be read. If the file has problems they do not take effect, and are only validated to report more problems. */
  readonly objects: readonly FileObject[];
  readonly problems: readonly FileProblem[];
  /** Drops values that can be read again from the text, which takes a fraction of their memory. They are, if one is asked for. */
  forget?(): void;
}
