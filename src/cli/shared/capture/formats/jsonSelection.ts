/** What to do with a JSON value: look at its members, take its text, or skip it. */
export type Action = "enter" | "take" | "drop";

/** Which values of a stream are wanted. */
export interface Selection {
  /** Decides by the keys from the root; the key of an array's element is `*`. Several texts behind each other have the path []. */
  readonly choose: (path: readonly string[]) => Action;
  /** Members of taken objects that are replaced by null, so that they are never held. */
  readonly without: ReadonlySet<string>;
  /** Largest size of a taken value in bytes. A larger one is skipped. */
  readonly maxBytes: number;
}

/** A value that was selected. */
export interface JsonElement {
  readonly path: readonly string[];
  /** Its JSON, not parsed yet; undefined if it is too long. */
  readonly bytes: Buffer | undefined;
  /** The line of the input on which it begins, from 1. */
  readonly line: number;
}

/** A value, and where it begins. */
export type JsonPlace = Pick<JsonElement, "path" | "line">;
