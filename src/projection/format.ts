import type { Projection } from "./documents.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The versions of a stored document. Version 1, of the first release, has an Application's settings for the only scheme of that
 * time in `signing`; version 2 has settings for each scheme in `schemes`. This release reads both and writes version 1, which
 * says all that it has to say: verifiers of the first release go on reading what a newer operator writes, and after a rollback
 * an older operator does. A document that version 1 cannot express is to be written as version 2.
 */
export function versioned(document: Projection): Fields {
  if (document.kind !== "Application") return { ...document, version: 1 };
  const { schemes, ...rest } = document;
  return { ...rest, version: 1, signing: schemes.Tencent };
}

/** The fields of a stored document as version 2 has them, not checked yet; undefined for another version. */
export function contentOf({ version, ...stored }: Fields): Fields | undefined {
  if (version === 2) return stored;
  if (version !== 1) return undefined;
  // `schemes` is no field of version 1: left in, it is refused as one that nobody knows.
  if (stored.kind !== "Application" || "schemes" in stored) return stored;
  const { signing, ...rest } = stored;
  return { ...rest, schemes: { Tencent: signing } };
}
