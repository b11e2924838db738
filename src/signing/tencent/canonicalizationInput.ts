import type { OpenVariant, ParameterSetting } from "../../api/vocabulary.ts";
import type { SignedPlace, VerifyHint } from "../model.ts";

/** What a string to sign depends on beside the request: its place, and the Application's settings for the scheme. */
export interface CanonicalizationInput extends SignedPlace {
  readonly parameters: ParameterSetting;
  /** Variants that leave part of the request unsigned, and that the Application accepts all the same. */
  readonly openVariants?: readonly OpenVariant[];
  readonly hint?: VerifyHint | undefined;
}
