/** The code of a system error, such as ENOENT. Not by `instanceof`: errors of another realm are errors too. */
export function codeOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "unknown error";
}
