import { readFileSync } from "node:fs";
import type { OpenVariant, ParameterSetting, SchemeName } from "../../src/api/vocabulary.ts";
import { readCaptures } from "../unit/signing/tencent/captures.ts";

/** A request that a published client or program sent, or one that was altered after it was signed. */
export interface ClientCapture {
  readonly id: string;
  readonly scheme: SchemeName;
  readonly key: string;
  readonly secret: string;
  /** RFC 3339. */
  readonly capturedAt: string;
  /** HTTP/1.1 bytes in base64. */
  readonly raw: string;
  /** What its Application needs in `spec.signing`. */
  readonly parameters: ParameterSetting;
  readonly open: readonly OpenVariant[];
  readonly expect: "allow" | "deny";
}

/** All captures of all clients, with the altered ones of the scheme Tencent. */
export function readClientCaptures(): readonly ClientCapture[] {
  const tencent = [...readCaptures("captures"), ...readCaptures("captures-altered")];
  return [
    ...tencent.map((capture) => ({ ...capture, scheme: "Tencent" as const })),
    ...recorded("alibaba", "AlibabaCA"),
    ...recorded("tencent-key-pair", "TencentKeyPair"),
  ];
}

type Recorded = Omit<ClientCapture, "scheme" | "key" | "secret">;

/** A file with one key pair. */
function recorded(name: string, scheme: SchemeName): readonly ClientCapture[] {
  const file = new URL(`../fixtures/signing/${name}.json`, import.meta.url);
  const { key, secret, captures } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly key: string;
    readonly secret: string;
    readonly captures: readonly (Pick<Recorded, "id" | "capturedAt" | "raw"> & Partial<Recorded>)[];
  };
  const defaults = { parameters: "Auto", open: [], expect: "allow" } as const;
  return captures.map((capture) => ({ ...defaults, ...capture, scheme, key, secret }));
}
