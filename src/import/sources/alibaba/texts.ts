import type { KnownText } from "../../gateway/gateway.ts";

/** What the aliyun command line prints beside JSON. */
export const ALIBABA_TEXTS: readonly KnownText[] = [
  {
    pattern: /^ERROR: |^ErrorCode: /,
    what: "is an error message of aliyun",
    remedy: "run the command again",
  },
  {
    pattern: /^[\w.]+(?: *\| *[\w.]+)* *\r?\n-{2,}/,
    what: "is a table (aliyun --output cols=…)",
    remedy: "export it again without --output",
  },
];
