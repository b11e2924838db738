import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { requestBytes } from "../signedBytes.ts";

/** When the requests that pages explain were received. */
const RECEIVED = "2026-11-24T09:00:00Z";

/** The files of captured requests that pages name, signed with the key pair of a state directory. */
export async function signedBytesOf(state: string): Promise<Readonly<Record<string, string>>> {
  const file = join(state, "credentials/team-shop/mobile-app-credentials.yaml");
  const { ApiAppKey: key, ApiAppSecret: secret } = parse(await readFile(file, "utf8")).stringData;
  const bytes = requestBytes({ target: "/orders?a=1", date: new Date(RECEIVED) }, { key, secret });
  const line = { id: "1", time: RECEIVED, raw: bytes.toString("base64") };
  return { "request.txt": bytes.toString("latin1"), "traffic.jsonl": `${JSON.stringify(line)}\n` };
}
