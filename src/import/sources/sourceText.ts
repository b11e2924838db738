/** What the bytes of a file are, before any JSON is parsed. */
export type SourceText =
  | { readonly kind: "json"; readonly bytes: Uint8Array }
  /** A known file that is of no use as it is. */
  | { readonly kind: "unusable"; readonly what: string; readonly remedy: string }
  | { readonly kind: "other" };

const AS_JSON = "export it again with --output json and without --filter";
const HEAD_BYTES = 4_096;

/** Recognises the bytes of a file: JSON in UTF-8 or UTF-16, or a form that people export by mistake. */
export function recogniseBytes(bytes: Uint8Array): SourceText {
  const archive = archiveOf(bytes);
  if (archive) return { kind: "unusable", ...archive };
  const plain = asUtf8(bytes);
  const head = Buffer.from(plain.subarray(0, HEAD_BYTES)).toString("utf8").trimStart();
  if (head === "" && (plain.length <= HEAD_BYTES || isBlank(plain)))
    return {
      kind: "unusable",
      what: "is empty",
      remedy:
        "the command that wrote it failed, or its --filter matched nothing, which tccli reports with an empty output: run it again and look at its error",
    };
  if (head.startsWith("{") || (head.startsWith("[") && !head.startsWith("[Tencent")))
    return { kind: "json", bytes: plain };
  const known = TEXTS.find(({ pattern }) => pattern.test(head));
  return known ? { kind: "unusable", what: known.what, remedy: known.remedy } : { kind: "other" };
}

const TEXTS: readonly { readonly pattern: RegExp; readonly what: string; readonly remedy: string }[] = [
  {
    pattern: /^-{20,}\r?\n\|/,
    what: "is a table (tccli --output table)",
    remedy: AS_JSON,
  },
  {
    pattern: /^(?:[0-9a-f-]{36}\r?\n)?[A-Z]{4,}\t/,
    what: "is tab-separated text (tccli --output text)",
    remedy: AS_JSON,
  },
  {
    pattern: /^\[TencentCloudSDKException\]/,
    what: "is an error message of tccli",
    remedy: "run the command again",
  },
  {
    pattern: /^(?:# |resource "|data ")[\w.[\]"]*tencentcloud_|^# (?:module|data)\./m,
    what: "is the text of terraform show, or a configuration",
    remedy: "use the state: terraform state pull > FILE, or terraform show -json > FILE",
  },
  {
    pattern: /^[\w-]+\s+= (?:<sensitive>|[[{"\d])/m,
    what: "is the text of terraform output",
    remedy: "use the state: terraform state pull > FILE",
  },
  {
    pattern: /^component:\s*(?:tencent-)?apigateway/m,
    what: "is a configuration of Serverless Framework, which holds no keys",
    remedy: "export with tccli: countersign export-script tencent",
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
