import type { Gap } from "../gap.ts";

/** The checks of a request, in their order. */
export const STEPS = ["credentials", "key", "date", "signature", "application", "api", "grant"] as const;
export type StepName = (typeof STEPS)[number];

/** One check. Facts are in English, as `countersign explain` prints them. */
export interface StepView {
  readonly name: StepName;
  readonly result: "passed" | "failed" | "notReached";
  readonly facts: readonly string[];
}

/** A string to sign that was tried. Line ends are LF. */
export interface TriedString {
  readonly variant: string;
  readonly matches: boolean;
  readonly text: string;
}

/** How a request is decided. */
export interface ExplainView {
  readonly isAllowed: boolean;
  /** `Allowed`, or the code of the denial. */
  readonly code: string;
  readonly message: string;
  readonly request: string;
  readonly steps: readonly StepView[];
  /** The first of them; `triedCount` is the number of all. */
  readonly tried: readonly TriedString[];
  readonly triedCount: number;
  /** Probable mistakes, in English. */
  readonly hints: readonly string[];
  /** Why the capture does not contain enough for a decision; in English. */
  readonly undecidable?: string;
}

/** The explanation, or why it is missing. */
export type ExplainAnswer =
  | { readonly kind: "explained"; readonly view: ExplainView }
  /** What was pasted is no request; in English. */
  | { readonly kind: "unreadable"; readonly problem: string }
  /** The viewer may not read what decides. */
  | { readonly kind: "gap"; readonly gap: Gap };

/** A request that was pasted, and when it is to be decided. */
export interface AskedExplanation {
  readonly text: string;
  /** now: as if it was received now; sent: at the date that it names itself. */
  readonly at: "now" | "sent";
}
