import type { OpenVariant, ParameterSetting } from "../api/vocabulary.ts";

/** What a form needs to know beside the request. */
export interface SigningContext {
  /** The environment's prefix that the path begins with, such as `/release`; "" without one. */
  readonly environmentPrefix: string;
  /**
   * All prefixes of the host's environments other than `/`. Where they are not known, paths are accepted in the
   * documented form alone, since any other could be that of a request to another environment.
   */
  readonly environmentPrefixes?: readonly string[];
  /** How the Application says that its callers put parameter values into the signed string. */
  readonly parameters: ParameterSetting;
  /** Forms that leave part of the request unsigned, and that the Application accepts all the same. */
  readonly openVariants?: readonly OpenVariant[];
  /** The form that last verified for this key: tried first. A hint, it opens nothing. */
  readonly rememberedForm?: string;
  /** Only the documented and the remembered form, for a key that fails too often. */
  readonly likelyOnly?: boolean;
}
