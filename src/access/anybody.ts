/** A caller of any kind: one whose signature is wrong, or that sends none. */
export const ANYBODY = "anyone, unverified";
