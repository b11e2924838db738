/** What Checks can show about the proxy that sends them, with the meaning of each sign. The set is fixed, so it may be a label. */
const PROXY_SIGN_MEANINGS = {
  Check: "any Check",
  HeadersRaw: "headers arrived line by line and byte for byte",
  HeadersMap: "headers arrived joined, with bytes replaced that are not UTF-8",
  BodyWhole: "a body arrived whole and byte for byte",
  BodyAsText: "a body arrived as text, with bytes replaced that are not UTF-8",
  BodyPartial: "the proxy reported that it sent only a part of the body",
  BodyAtLimit: "a body is as long as --max-request-bytes, so it may be truncated",
  BodyMissing: "Content-Length announced a body, and none arrived",
  HeaderJoined: "two lines of a security header arrived as one",
  PathNotNormalised: "the path has parts that a normalising proxy would have changed",
  DeadlineShort: "less than 100 ms were left to decide",
  ContextExtensions: "the route named its API or environment",
} as const;

export type ProxySign = keyof typeof PROXY_SIGN_MEANINGS;

export const PROXY_SIGNS = Object.keys(PROXY_SIGN_MEANINGS) as readonly ProxySign[];
