/** Methods whose requests have no body unless a header announces one. */
export const BODYLESS: ReadonlySet<string> = new Set([
  "GET",
  "HEAD",
  "DELETE",
  "OPTIONS",
  "TRACE",
  "CONNECT",
]);
