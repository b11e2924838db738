const UNKNOWN = "unknown error";

/**
 * The code of a system error, such as ENOENT; "unknown error" for anything else. It does not use `instanceof`, since errors may come
 * from another realm, such as a test's.
 */
export function errorCode(error: unknown): string {
  return textAt(error, "code") ?? UNKNOWN;
}

/**
 * The code of an error of Node or undici, its name where it has no code, or "unknown error". Both are safe to log, while a
 * message may quote what was sent.
 */
export function errorCodeOrName(error: unknown): string {
  return textAt(error, "code") ?? textAt(error, "name") ?? UNKNOWN;
}

function textAt(error: unknown, property: "code" | "name"): string | undefined {
  const found: unknown = Object(error)[property];
  return typeof found === "string" ? found : undefined;
}
