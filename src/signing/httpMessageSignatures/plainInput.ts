import { isInnerList, parseList } from "structured-headers";
import { type ComponentList, componentList } from "./component.ts";

/** One member of Signature-Input: the label, what it covers, and its parameters by their names. */
export interface LabelledInput {
  readonly label: string;
  readonly list: ComponentList;
  /** The value of `@signature-params`: the list with its parameters, in canonical form. */
  readonly parametersText: string;
  readonly parameters: ReadonlyMap<string, unknown>;
}

/** Callers of one program cover the same components each time. Bounded: what a client chooses cannot make it grow. */
const KNOWN_LISTS = new Map<string, ComponentList>();
const MAX_KNOWN_LISTS = 256;
const MAX_KNOWN_LENGTH = 256;

/**
 * Signature-Input as nearly all clients send it: one member without a tag, in canonical form, whose parameters are integers
 * and strings without escapes. The same as the library's parser returns for it, in a third of the time; undefined for any
 * other text, which is left to that parser.
 */
export function plainInput(value: string): LabelledInput | undefined {
  const equals = value.indexOf("=");
  const end = value.indexOf(")", equals);
  if (equals < 1 || end < 0 || value.charCodeAt(equals + 1) !== OPEN || !isLabel(value, equals))
    return undefined;
  const list = knownList(value.slice(equals + 1, end + 1));
  const parameters = list && plainParameters(value, end + 1);
  if (!list || !parameters || parameters.has("tag")) return undefined;
  return { label: value.slice(0, equals), list, parametersText: value.slice(equals + 1), parameters };
}

const [OPEN, QUOTE, BACKSLASH, SEMICOLON, EQUALS] = [0x28, 0x22, 0x5c, 0x3b, 0x3d];

/** Whether the text before `end` is a key of a dictionary. */
function isLabel(value: string, end: number): boolean {
  for (let at = 0; at < end; at += 1) if (!isKeyCode(value.charCodeAt(at), at === 0)) return false;
  return true;
}

function isKeyCode(code: number, isFirst: boolean): boolean {
  if ((code >= 0x61 && code <= 0x7a) || code === 0x2a) return true;
  return !isFirst && (isDigit(code) || code === 0x2d || code === 0x2e || code === 0x5f);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** The list, if its text is the canonical one: only that is what was signed. */
function knownList(text: string): ComponentList | undefined {
  const known = KNOWN_LISTS.get(text);
  if (known) return known;
  const list = parsedList(text);
  if (list?.text !== text) return undefined;
  if (text.length <= MAX_KNOWN_LENGTH && KNOWN_LISTS.size < MAX_KNOWN_LISTS) KNOWN_LISTS.set(text, list);
  return list;
}

function parsedList(text: string): ComponentList | undefined {
  try {
    const [member, ...rest] = parseList(text);
    return member && rest.length === 0 && isInnerList(member) ? componentList(member) : undefined;
  } catch {
    return undefined; // the library parses the whole value then
  }
}

/** The parameters from `from` to the end; undefined for a form that is not plain. */
function plainParameters(value: string, from: number): Map<string, string | number> | undefined {
  const found = new Map<string, string | number>();
  let at = from;
  while (at < value.length) {
    if (value.charCodeAt(at) !== SEMICOLON) return undefined;
    const start = at + 1;
    at = start;
    while (isKeyCode(value.charCodeAt(at), at === start)) at += 1;
    if (at === start || value.charCodeAt(at) !== EQUALS) return undefined;
    const name = value.slice(start, at);
    const end = valueEnd(value, at + 1);
    if (end < 0 || found.has(name)) return undefined;
    const text = value.slice(at + 1, end);
    found.set(name, text.charCodeAt(0) === QUOTE ? text.slice(1, -1) : Number(text));
    at = end;
  }
  return found;
}

/** Where the string or integer that begins at `from` ends; -1 for any other value. */
function valueEnd(value: string, from: number): number {
  return value.charCodeAt(from) === QUOTE ? stringEnd(value, from + 1) : integerEnd(value, from);
}

function stringEnd(value: string, from: number): number {
  for (let at = from; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code < 0x20 || code > 0x7e || code === BACKSLASH) return -1;
  }
  return -1;
}

const MAX_DIGITS = 15;

/** Without a needless zero in front, since canonical form has none. */
function integerEnd(value: string, from: number): number {
  let at = from;
  while (isDigit(value.charCodeAt(at))) at += 1;
  const digits = at - from;
  const isCanonical = digits === 1 || (digits > 1 && value.charCodeAt(from) !== 0x30);
  const isWhole = at === value.length || value.charCodeAt(at) === SEMICOLON;
  return isCanonical && isWhole && digits <= MAX_DIGITS ? at : -1;
}
