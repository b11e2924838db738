import type { DecisionCode, NonceResult, SchemeName } from "../api/vocabulary.ts";
import type { Decision } from "../policy/decision.ts";
import type { KeyEntry } from "../policy/index/applications.ts";
import type { NearMiss } from "../signing/scheme.ts";
import type { CheckAttributes } from "./wire/checkRequest.ts";

/** What a Check found, for metrics, logs and traces; the only part of it that an untrusted client can choose is `code`. */
export interface Outcome {
  readonly code: DecisionCode;
  /** Whether the request was allowed in Shadow mode, whatever the code. */
  readonly isShadowed?: true;
  readonly decision?: Decision | undefined;
  /** Set once the signature has verified, whatever became of the request then. */
  readonly signature?:
    | {
        readonly scheme: SchemeName;
        readonly key: KeyEntry;
        readonly algorithm: string;
        /** How far the signed date is from now, either way; milliseconds. */
        readonly clockSkewMs: number;
      }
    | undefined;
  /** The settings of its Application under which a denied request would verify. */
  readonly wouldVerifyWith?: Remedy | undefined;
  /** What the nonce store returned, if it was asked. */
  readonly nonce?: NonceResult | undefined;
}

/** What an admin would have to set on which Application. */
export interface Remedy extends Omit<NearMiss, "variant"> {
  readonly application: string;
  /** The name of the variant, as logs call it. */
  readonly form: string;
}

/** An answer, what it was found by, and what was asked, where that could be read. */
export interface Checked {
  /** A CheckResponse. */
  readonly answer: Buffer;
  readonly outcome: Outcome;
  readonly attributes?: CheckAttributes | undefined;
}
