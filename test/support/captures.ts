import { Secret } from "../../src/api/secret.ts";
import { keyWorld } from "../../src/cli/commands/explain/keyWorld.ts";
import type { Captured } from "../../src/cli/shared/capture/captured.ts";
import { CaptureFile } from "../../src/cli/shared/capture/formats/captureFile.ts";
import { TapTraces } from "../../src/cli/shared/capture/formats/tap/tapTraces.ts";
import { judge } from "../../src/cli/shared/capture/judgement.ts";

export const CALLER = { key: "APIDcaller", secret: "a-secret-of-the-caller" };
export const SHOP_HOST = "api.shop.example.com";

/** The requests of files with this content, read in chunks of so many bytes. */
export function capturedIn(
  files: readonly (Buffer | string)[] | Buffer | string,
  chunkBytes = 65_536,
): readonly Captured[] {
  const traces = new TapTraces();
  const contents = Array.isArray(files) ? files : [files];
  const found = contents.flatMap((content: Buffer | string, index) => {
    const bytes = Buffer.from(content as Buffer);
    const file = new CaptureFile(contents.length > 1 ? `file-${index + 1}` : "file", traces);
    const read: Captured[] = [];
    for (let at = 0; at < bytes.length; at += chunkBytes)
      read.push(...file.take(bytes.subarray(at, at + chunkBytes)));
    return [...read, ...file.end()];
  });
  return [...found, ...traces.end()];
}

/** Everything on the host is granted to CALLER. */
const SHOP = keyWorld(
  { keyId: CALLER.key, secret: Secret.of(CALLER.secret) },
  { host: SHOP_HOST, environmentPrefixes: [], parameters: "Auto", openVariants: [] },
);

/** The decision on a captured request in one word, or why there is no decision. */
export function verdictOn(captured: Captured): string {
  if (!captured.ok) return `unreadable: ${captured.problem}`;
  const judgement = judge(captured, SHOP);
  if (judgement.kind === "undecidable") return `undecidable: ${judgement.reason}`;
  const { decision } = judgement.decided;
  return decision.kind === "allow" ? "Allowed" : decision.code;
}
