import type { KnownText } from "../gateway/gateway.ts";

/** What the bytes of a file are, before any JSON is parsed. */
export type SourceText =
  | { readonly kind: "json"; readonly bytes: Uint8Array }
  /** A known file that is of no use as it is. */
  | { readonly kind: "unusable"; readonly what: string; readonly remedy: string }
  | { readonly kind: "other" };

const HEAD_BYTES = 4_096;

/** What a gateway's own tools print, and why a file may be empty. */
interface OwnTexts {
  readonly texts: readonly KnownText[];
  readonly emptyFile: string;
}

/** Recognises the bytes of a file: JSON in UTF-8 or UTF-16, or a form that people export by mistake. */
export function recogniseBytes(bytes: Uint8Array, own: OwnTexts): SourceText {
  const archive = archiveOf(bytes);
  if (archive) return { kind: "unusable", ...archive };
  const plain = asUtf8(bytes);
  const head = Buffer.from(plain.subarray(0, HEAD_BYTES)).toString("utf8").trimStart();
  if (head === "" && (plain.length <= HEAD_BYTES || isBlank(plain)))
    return {
      kind: "unusable",
      what: "is empty",
      remedy: `${own.emptyFile}: run it again and look at its error`,
    };
  const known = [...own.texts, ...TERRAFORM_TEXTS].find(({ pattern }) => pattern.test(head));
  if (known) return { kind: "unusable", what: known.what, remedy: known.remedy };
  return /^[{[]/.test(head) ? { kind: "json", bytes: plain } : { kind: "other" };
}

/** What Terraform prints for people. */
const TERRAFORM_TEXTS: readonly KnownText[] = [
  {
    pattern: /^(?:# |resource "|data ")[\w.[\]"]*(?:tencentcloud|alicloud)_|^# (?:module|data)\./m,
    what: "is the text of terraform show, or a configuration",
    remedy: "use the state: terraform state pull > FILE, or terraform show -json > FILE",
  },
  {
    pattern: /^[\w-]+\s+= (?:<sensitive>|[[{"\d])/m,
    what: "is the text of terraform output",
    remedy: "use the state: terraform state pull > FILE",
  },
];

function archiveOf(bytes: Uint8Array): { readonly what: string; readonly remedy: string } | undefined {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b)
    return {
      what: "is a zip archive: a saved plan, or an archive of an export",
      remedy: "for a plan run terraform show -json PLAN > FILE; unpack another archive",
    };
  if (bytes[0] === 0x1f && bytes[1] === 0x8b)
    return { what: "is compressed with gzip", remedy: "unpack it with gunzip" };
  return undefined;
}

/** The same text in UTF-8 without a byte order mark. PowerShell 5.1 writes UTF-16LE with one. */
function asUtf8(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.subarray(3);
  const encoding = utf16Of(bytes);
  return encoding === undefined ? bytes : Buffer.from(new TextDecoder(encoding).decode(bytes), "utf8");
}

function utf16Of([first, second]: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if ((first === 0xff && second === 0xfe) || (first !== undefined && first > 0 && second === 0))
    return "utf-16le";
  return (first === 0xfe && second === 0xff) || (first === 0 && second !== undefined && second > 0)
    ? "utf-16be"
    : undefined;
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}
