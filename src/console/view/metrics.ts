import type { DecisionCode, DenialCode } from "../../api/vocabulary.ts";
import type { Gap } from "../gap.ts";

/** Denials of one kind. Names are `namespace/name`, "other" for those that the verifier does not count one by one. */
export interface DenialCount {
  readonly code: DenialCode;
  /** Whose key the requests name; "" if that is no known key. */
  readonly application: string;
  /** "" if the requests were denied before the API mattered. */
  readonly api: string;
  readonly count: number;
}

/** The decisions of one verifier since it started; what never happened is left out. */
export interface VerifierDecisions {
  readonly verifier: string;
  readonly decisions: Readonly<Partial<Record<DecisionCode, number>>>;
  readonly denials: readonly DenialCount[];
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
