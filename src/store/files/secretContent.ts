import { isRecord } from "../../base/json.ts";
import { oneCopy } from "../../base/oneCopy.ts";
import { CredentialsData, type SecretData } from "../credentialsData.ts";

/** What is kept of a Secret in a file, besides its metadata. */
export interface SecretContent {
  readonly type: string;
  readonly immutable: boolean;
  readonly data: SecretData;
}

/** The content of a Secret's manifest: the keys of a key pair, from `data` (base64) and `stringData`, which wins. Total. */
export function secretContentOf(manifest: Readonly<Record<string, unknown>>): SecretContent {
  const { type, immutable } = manifest;
  const data = isRecord(manifest.data) ? manifest.data : {};
  const texts = isRecord(manifest.stringData) ? manifest.stringData : {};
  return {
    type: typeof type === "string" ? oneCopy(type) : "Opaque",
    immutable: immutable === true,
    data: new CredentialsData((key) => filled(texts[key]) ?? decoded(filled(data[key]))),
  };
}

function filled(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function decoded(base64: string | undefined): string | undefined {
  return base64 === undefined ? undefined : Buffer.from(base64, "base64").toString("utf8");
}
