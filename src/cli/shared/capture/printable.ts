/** A byte string as text for a terminal. Control characters, which could control the terminal, are escaped. */
export function printable(byteString: string): string {
  return Buffer.from(byteString, "latin1")
    .toString("utf8")
    .replaceAll(
      /\p{Cc}|\p{Cf}/gu,
      (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
    );
}

/** The beginning of a byte string in quotes, for an error. */
export function quoted(byteString: string): string {
  const [begin, rest] = [byteString.slice(0, 60), byteString.length > 60 ? "…" : ""];
  return `"${printable(begin)}${rest}"`;
}
