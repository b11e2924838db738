import type { DecisionCode } from "../../api/vocabulary.ts";
import type { Gap } from "../gap.ts";

/** The decisions of one verifier since it started, by code; codes without decisions are left out. */
export interface VerifierDecisions {
  readonly verifier: string;
  readonly decisions: Readonly<Partial<Record<DecisionCode, number>>>;
}

/** A look at the metrics of all verifiers. */
export interface MetricsView {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly verifiers: readonly VerifierDecisions[];
  /** Verifiers that could not be read, with the reason in English. */
  readonly problems: readonly string[];
  readonly gaps: readonly Gap[];
}
