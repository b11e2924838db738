import { shellWords } from "./shellWords.ts";

/** A curl command as the bytes of the request that it sends, or why it cannot be one. */
export type CurlRequest =
  | { readonly ok: true; readonly bytes: string }
  | { readonly ok: false; readonly problem: string };

/** Options with a value that change nothing of the request. */
const WITH_VALUE = new Set(
  "-o --output -m --max-time --connect-timeout --resolve --connect-to --cacert --cert --key --retry -w --write-out -x --proxy".split(
    " ",
  ),
);
/** Options for a header, with its name. */
const HEADER_OPTIONS: ReadonlyMap<string, string> = new Map([
  ["-A", "User-Agent"],
  ["--user-agent", "User-Agent"],
  ["-e", "Referer"],
  ["--referer", "Referer"],
  ["-b", "Cookie"],
  ["--cookie", "Cookie"],
]);
const DATA_OPTIONS = ["-d", "--data", "--data-raw", "--data-ascii", "--data-binary"];

interface Command {
  method: string;
  url: string;
  readonly headers: (readonly [name: string, value: string])[];
  readonly data: string[];
}

/** Reads a curl command, as browsers copy it and documentation has it. The text is UTF-8. */
export function readCurl(text: string): CurlRequest {
  const command: Command = { method: "", url: "", headers: [], data: [] };
  const words = shellWords(text).slice(1);
  while (words.length > 0) {
    const problem = take(command, withSplitOption(words), words);
    if (problem !== undefined) return { ok: false, problem };
  }
  const url = URL.canParse(command.url) ? new URL(command.url) : undefined;
  if (!url) return { ok: false, problem: `the curl command names no URL with http:// or https://` };
  return { ok: true, bytes: messageOf(command, url) };
}

/** The next word; `-XPOST` and `--header=…` are split as curl splits them. */
function withSplitOption(words: readonly string[]): readonly [option: string, value: string | undefined] {
  const [word = "", next] = words;
  const long = /^(--[\w-]+)=([\s\S]*)$/.exec(word);
  if (long) return [long[1] ?? "", long[2]];
  if (/^-[XHdAeb]./.test(word)) return [word.slice(0, 2), word.slice(2)];
  return [word, next];
}

function take(
  command: Command,
  [option, value = ""]: readonly [string, string | undefined],
  words: string[],
): string | undefined {
  const isJoined = words[0] !== option;
  const named = HEADER_OPTIONS.get(option);
  const takesValue =
    named !== undefined ||
    WITH_VALUE.has(option) ||
    DATA_OPTIONS.includes(option) ||
    ["-X", "--request", "-H", "--header", "--url"].includes(option);
  words.splice(0, takesValue && !isJoined ? 2 : 1);
  if (named !== undefined) command.headers.push([named, value]);
  else if (option === "-X" || option === "--request") command.method = value;
  else if (option === "-H" || option === "--header") addHeader(command, value);
  else if (DATA_OPTIONS.includes(option)) {
    if (value.startsWith("@") && option !== "--data-raw")
      return `${option} ${value} names a file: paste its content`;
    command.data.push(value);
  } else if (option === "-I" || option === "--head") command.method ||= "HEAD";
  else if (option === "--url" || !option.startsWith("-")) command.url = option === "--url" ? value : option;
  else if (/^(?:-F|--form|--data-urlencode|-T|--upload-file|-G|--get|-u|--user)$/.test(option))
    return `${option} is not understood here: paste the request as raw HTTP`;
  return undefined;
}

function addHeader({ headers }: Command, line: string): void {
  const colon = line.indexOf(":");
  if (colon > 0) headers.push([line.slice(0, colon), line.slice(colon + 1).trim()]);
}

/** The request as curl sends it over HTTP/1.1. */
function messageOf({ method, headers, data, url: written }: Command, url: URL): string {
  const body = data.join("&");
  const own = new Set(headers.map(([name]) => name.toLowerCase()));
  const added = [
    ["Host", url.host],
    ["Accept", "*/*"],
    ...(data.length > 0 ? [["Content-Type", "application/x-www-form-urlencoded"] as const] : []),
    ["Content-Length", String(Buffer.byteLength(body))],
  ].filter(([name = ""]) => !own.has(name.toLowerCase()) && (name !== "Content-Length" || data.length > 0));
  // The path as it was written: a URL object would encode it again.
  const target = /^https?:\/\/[^/?#]*([^#]*)/i.exec(written)?.[1] ?? "";
  const path = target === "" ? "/" : target.startsWith("?") ? `/${target}` : target;
  const lines = [...added, ...headers].map(([name, value]) => `${name}: ${value}`);
  const verb = method === "" ? (data.length > 0 ? "POST" : "GET") : method;
  return `${verb} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`;
}
