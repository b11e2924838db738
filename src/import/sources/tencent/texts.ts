import type { KnownText } from "../../gateway/gateway.ts";

const AS_JSON = "export it again with --output json and without --filter";

/** What tccli prints beside JSON, and the configuration of a tool that holds no keys. */
export const TENCENT_TEXTS: readonly KnownText[] = [
  {
    pattern: /^-{20,}\r?\n\|/,
    what: "is a table (tccli --output table)",
    remedy: AS_JSON,
  },
  {
    pattern: /^(?:[0-9a-f-]{36}\r?\n)?[A-Z]{4,}\t/,
    what: "is tab-separated text (tccli --output text)",
    remedy: AS_JSON,
  },
  {
    pattern: /^\[TencentCloudSDKException\]/,
    what: "is an error message of tccli",
    remedy: "run the command again",
  },
  {
    pattern: /^component:\s*(?:tencent-)?apigateway/m,
    what: "is a configuration of Serverless Framework, which holds no keys",
    remedy: "export with tccli: countersign export-script tencent",
  },
];
