/** A word that we do not write, in the sense that `word` matches, and what to write instead. */
export interface Term {
  /** Has the flags `g` and `i`. */
  readonly word: RegExp;
  readonly use: string;
  /** Contexts in which the word is right. A match counts only if no match of these covers it. Has the flags `g` and `i`. */
  readonly allowed?: RegExp;
}

const SPEECH = "logs, records, emits, reports, replies, sets, shows or states";

/** Our English is that of the Kubernetes, Envoy and Node documentation. Patterns are regular expressions, which are not searched. */
export const TERMS: readonly Term[] = [
  {
    word: /\banswers\b/gi,
    use: "returns (a function), replies or responds (a process)",
    allowed:
      /\banswers (with|within|in time|Envoy|\d{3}|(the |a |every |each )?(requests?|calls?|checks?|questions?|probes?))\b|\b(the|of|its|their|all|no|whose|API server's|Envoy's) answers\b/gi,
  },
  {
    word: /\b(tell|tells|told|telling)\b/gi,
    use: SPEECH,
    allowed: /\b(tell|tells|told|telling)( \w+){0,5} apart\b/gi,
  },
  { word: /\b(say|says|said|saying)\b/gi, use: SPEECH },
  { word: /\banew\b/gi, use: "again, or the term: restart, reconnect, relist, resync" },
  {
    word: /\b(begins?|beginning|began|begun|comes?|came) again\b/gi,
    use: "reconcile, requeue, retry, restart, relist, resync or reconnect, each for its own case",
  },
  { word: /\b(go|goes|went|going) on\b(?! top)/gi, use: "continues, keeps, proceeds or retries" },
  { word: /\bunless (told|said)\b/gi, use: "default: …" },
  { word: /\b(not )?of (the past|now)\b/gi, use: "stale, cached, out of date or current" },
  { word: /\bgrounds\b/gi, use: "precondition" },
  {
    word: /\b(it|they|that|which|still|what) stands?\b(?! (for|still)\b)/gi,
    use: "is, is written, is valid or applies",
  },
  { word: /\b(hence|whence|whereof|wherein|whereby|thereof)\b/gi, use: "so, from which, of which" },
  { word: /\b(whoever|whosoever)\b/gi, use: "an untrusted client, an unauthenticated caller, or a noun" },
  { word: /\bstrangers?\b/gi, use: "untrusted client, unauthenticated caller" },
  { word: /\bnobody\b/gi, use: "no client, no caller, or missing, empty, undefined" },
  { word: /\bnothing that\b/gi, use: "missing, empty, undefined, or no … that" },
  { word: /\b(is|are|was|were) none\b/gi, use: "is missing, is empty, is undefined, does not exist" },
  {
    word: /\bnone of\b/gi,
    use: "no …, not one of …, or missing",
    allowed: /\bnone of ((the|these|those|its|their|a) \w+|\? # ;)/gi,
  },
  {
    word: /\brefus(e|es|ed|ing|al of) (the |a |every |all |such )?(requests?|callers?|calls?|checks?)\b|\b(requests?|callers?|calls?) (is|are|was|were) (also )?refused\b/gi,
    use: "deny, denied, denial",
  },
  { word: /\btroubles?\b/gi, use: "problem, error or denial" },
  { word: /\b(an?|another|one|each|either) readings?\b/gi, use: "variant, canonicalization" },
  {
    word: /\bforms? of the string to sign\b|\b(in|under|by) (which|another|every|any) form\b/gi,
    use: "variant",
  },
  { word: /\bone an? \w+/gi, use: "one per …" },
];
