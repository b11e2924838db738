const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

/** The words of a command line as a POSIX shell splits them, with the `$'…'` of bash. Nothing is expanded. */
export function shellWords(line: string): readonly string[] {
  // Between words: blanks and continued lines. A word is made of quoted and bare parts.
  const part = /\$'((?:[^'\\]|\\[\s\S])*)'|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+)|(\s+)/g;
  const words: string[] = [];
  let word: string | undefined;
  for (const [, ansi, single, double, escaped, bare, blank] of line
    .replaceAll(/\\\r?\n/g, " ")
    .matchAll(part)) {
    if (blank !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    const text = ansi !== undefined ? unescapeAnsi(ansi) : double?.replaceAll(/\\(["\\$`])/g, "$1");
    word = (word ?? "") + (text ?? single ?? escaped ?? bare ?? "");
  }
  return word === undefined ? words : [...words, word];
}

function unescapeAnsi(text: string): string {
  return text.replaceAll(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([\s\S]))/g, (_, unicode, hex, one) =>
    one === undefined
      ? String.fromCharCode(Number.parseInt(unicode ?? hex, 16))
      : (ESCAPES[one] ?? `\\${one}`),
  );
}
