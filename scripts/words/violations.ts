import jsTokens from "js-tokens";
import { TERMS, type Term } from "./terms.ts";

/** A word that a file holds and that a term replaces. */
export interface Violation {
  /** Counted from 1. */
  readonly line: number;
  readonly word: string;
  readonly use: string;
}

const TEXT_TOKENS: ReadonlySet<string> = new Set([
  "SingleLineComment",
  "MultiLineComment",
  "StringLiteral",
  "NoSubstitutionTemplate",
  "TemplateHead",
  "TemplateMiddle",
  "TemplateTail",
]);

/** The violations in a file, by line: in comments and strings of TypeScript and JavaScript, anywhere in other files. */
export function violationsIn(
  path: string,
  content: string,
  terms: readonly Term[] = TERMS,
): readonly Violation[] {
  const text = /\.[cm]?[jt]s$/.test(path) ? proseOf(content) : content;
  return terms
    .flatMap((term) =>
      matchesOf(term, text).map(({ word, at }) => ({ line: lineAt(text, at), word, use: term.use })),
    )
    .sort((left, right) => left.line - right.line);
}

/** Only comments and strings are left; other characters become spaces, so that positions stay. */
function proseOf(code: string): string {
  return [...jsTokens(code)]
    .map(({ type, value }) => (TEXT_TOKENS.has(type) ? value : value.replace(/[^\n]/g, " ")))
    .join("");
}

function matchesOf(term: Term, text: string): readonly { readonly word: string; readonly at: number }[] {
  const flat = withoutMargins(text);
  const allowed = term.allowed ? [...flat.matchAll(spaced(term.allowed))] : [];
  const isAllowed = (at: number) =>
    allowed.some(({ index, 0: context }) => index <= at && at < index + context.length);
  return [...flat.matchAll(spaced(term.word))]
    .filter(({ index }) => !isAllowed(index))
    .map(({ index, 0: word }) => ({ word: word.replace(/ +/g, " "), at: index }));
}

/** A space of the pattern matches any number of them. */
function spaced({ source, flags }: RegExp): RegExp {
  return new RegExp(source.replaceAll(" ", " +"), flags);
}

/** Makes spaces of line ends and margins of comments, so that terms of several words match across lines; positions stay. */
function withoutMargins(text: string): string {
  return text.replace(/\n[ \t]*(\*|\/\/|#|>)?[ \t]*/g, (margin) => " ".repeat(margin.length));
}

function lineAt(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}
