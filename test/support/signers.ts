import { spawn } from "node:child_process";
import type { MessageSigner } from "../parts/messageSigners.ts";

/** One request for a program of test/parts/message-signatures. */
export interface SignerJob {
  readonly do: "sign" | "verify";
  readonly method: string;
  /** The whole URL, as a client names it. */
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** In base64. */
  readonly body: string;
  readonly algorithm: string;
  readonly keyId: string;
  /** A secret as text; or a key in PEM, private to sign, public to verify. */
  readonly key: string;
  /** What is signed, or must be. */
  readonly components: readonly string[];
  readonly nonce?: string;
}

/** What the library made of a job: the header lines to send, whether the signature verified, or its error. */
export interface SignerResult {
  readonly headers?: readonly (readonly [string, string])[];
  readonly verified?: boolean;
  readonly error?: string;
}

/** The results of the jobs in their order, by one process. */
export async function resultsOf(
  { library, command: [program, ...args] }: MessageSigner,
  jobs: readonly SignerJob[],
): Promise<readonly SignerResult[]> {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"], timeout: 60_000 });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  child.stdin.end(jobs.map((job) => `${JSON.stringify(job)}\n`).join(""));
  const code = await ended;
  const results = printed.trim().split("\n");
  if (code !== 0 || results.length !== jobs.length)
    throw new Error(`${library} ended with ${code} after ${results.length} of ${jobs.length} results`);
  return results.map((line) => JSON.parse(line) as SignerResult);
}
