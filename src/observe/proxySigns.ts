/** What Checks can show of the proxy that sends them, with its meaning; a fixed set, so it may be a label. */
const PROXY_SIGN_MEANINGS = {
  Check: "any Check",
  HeadersRaw: "headers came line by line and byte for byte",
  HeadersMap: "headers came joined, and with bytes replaced that are not UTF-8",
  BodyWhole: "a body came whole and byte for byte",
  BodyAsText: "a body came as text, with bytes replaced that are not UTF-8",
  BodyPartial: "the proxy said that it sent only a part of the body",
  BodyAtLimit: "a body is as long as --max-request-bytes, so it may be cut",
  BodyMissing: "Content-Length announces a body, and none came",
  HeaderJoined: "two lines of a security header came as one",
  PathNotNormalised: "the path holds what a normalising proxy would have changed",
  DeadlineShort: "less than 100 ms were left to decide",
  ContextExtensions: "the route named its API or environment",
} as const;

export type ProxySign = keyof typeof PROXY_SIGN_MEANINGS;

export const PROXY_SIGNS = Object.keys(PROXY_SIGN_MEANINGS) as readonly ProxySign[];
