import type { Projection, ProjectionJson, SchemesSettings } from "./documents.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The versions of a stored document. Version 1, of the first release, has an Application's settings for the only scheme of that
 * time in `signing`; version 2 has settings for each scheme in `schemes`. This release reads both. It writes version 1 where
 * version 1 can express the document: verifiers of the first release can read what a newer operator writes, and so can an
 * older operator after a rollback. It writes version 2 for all other documents, and the first release rejects them.
 */
export function versioned(document: Projection): Fields {
  if (needsVersion2(document)) return { ...document, version: 2 };
  if (document.kind !== "Application") return { ...document, version: 1 };
  const { schemes, ...rest } = document;
  return { ...rest, version: 1, signing: schemes.Tencent };
}

/**
 * Version 1 has no paths in the vendor's notation, no replay protection, and no Shadow grants: a verifier that took one for an
 * Enforce grant would admit callers by it. Of an Application it has the settings of the scheme `Tencent`, and nothing about
 * others and about public keys.
 */
export function needsVersion2(document: Projection | ProjectionJson): boolean {
  if (document.kind !== "ApiGrant" && document.replayProtection !== undefined) return true;
  if (document.kind === "Application")
    return !isTencentAlone(document.schemes) || document.publicKeys !== undefined;
  if (document.kind !== "ApiGrant") return false;
  if (document.enforcement === "Shadow") return true;
  return document.apis.some(({ paths }) => paths.some(({ type }) => type === "TencentPath"));
}

function isTencentAlone({ Tencent, ...others }: SchemesSettings): boolean {
  return Tencent !== undefined && Object.keys(others).length === 0;
}

/** The fields of a stored document as version 2 has them, not checked yet; undefined for another version. */
export function contentOf({ version, ...stored }: Fields): Fields | undefined {
  if (version === 2) return stored;
  if (version !== 1) return undefined;
  // Version 1 has no field `schemes`. It is left in, so that the schema rejects it as unknown.
  if (stored.kind !== "Application" || "schemes" in stored) return stored;
  const { signing, ...rest } = stored;
  return { ...rest, schemes: { Tencent: signing } };
}
