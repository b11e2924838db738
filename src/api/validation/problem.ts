/** One thing that is wrong with an object: where, and what to write instead. */
export interface Problem {
  /** Such as `spec.apis[0].hosts[1]`; "" for the object as a whole. */
  readonly field: string;
  readonly message: string;
}

/** A path of names and indexes as Kubernetes writes it. */
export function fieldOf(path: readonly (string | number)[]): string {
  return path
    .map((part) => (typeof part === "number" || /^[0-9]+$/.test(part) ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}
