import { compareVersions } from "../../src/projection/versions.ts";
import type { Connection } from "../../src/store/kube/connection.ts";
import { leasesPath } from "../../src/store/kube/paths.ts";
import type { Answered, Passing } from "./apiProxy.ts";

/** Hears every write of an operator on its way, and keeps what must never happen. */
export class Publications {
  readonly violations: string[] = [];
  readonly #admin: Connection;
  readonly #secrets = new Map<string, string>();
  /** The version of the projection that held the key first. */
  readonly #since = new Map<string, string>();

  constructor(admin: Connection) {
    this.#admin = admin;
  }

  /** Before a write is passed on: a pair that callers can read is one that every verifier knows. */
  async before({ method, path, body }: Passing): Promise<void> {
    const pair = method === "DELETE" || isProjection(path) ? undefined : pairIn(body);
    if (!pair) return;
    this.#same(pair.key, pair.secret);
    const since = this.#since.get(pair.key);
    const applied = await this.#applied();
    if (since === undefined || applied.some((version) => compareVersions(version, since) < 0))
      this.violations.push(`${pair.key} was published before every verifier knew it`);
  }

  /** After the server has answered a write: a key never gets another secret. */
  after({ method, path, body }: Passing, { status, body: answer }: Answered): void {
    if (!isProjection(path) || method === "DELETE" || status >= 300) return;
    const { resourceVersion } = JSON.parse(answer).metadata as { resourceVersion: string };
    for (const { apiAppKey, apiAppSecret } of keysIn(body)) {
      this.#same(apiAppKey, apiAppSecret);
      if (!this.#since.has(apiAppKey)) this.#since.set(apiAppKey, resourceVersion);
    }
  }

  #same(key: string, secret: string): void {
    if ((this.#secrets.get(key) ?? secret) !== secret) this.violations.push(`${key} has two secrets`);
    this.#secrets.set(key, secret);
  }

  async #applied(): Promise<readonly string[]> {
    const { body } = await this.#admin.request("GET", leasesPath("countersign-data"));
    const { items } = body as { items: { metadata: { annotations: Record<string, string> } }[] };
    return items.map(({ metadata }) => metadata.annotations["countersign.dev/applied"] ?? "");
  }
}

function isProjection(path: string): boolean {
  return path.startsWith("/api/v1/namespaces/countersign-data/secrets");
}

interface KeyJson {
  readonly apiAppKey: string;
  readonly apiAppSecret: string;
  readonly state: string;
  readonly source: string;
  readonly retiresAt?: string;
}

/** The keys of a projection Secret's JSON. */
export function keysIn(secret: string): readonly KeyJson[] {
  const text = dataOf(secret)["projection.json"] ?? "{}";
  return JSON.parse(text).keys ?? [];
}

/** The pair of a credentials Secret's JSON. */
export function pairIn(secret: string): { readonly key: string; readonly secret: string } | undefined {
  const { ApiAppKey: key, ApiAppSecret: value } = dataOf(secret);
  return key === undefined || value === undefined ? undefined : { key, secret: value };
}

function dataOf(secret: string): Readonly<Record<string, string>> {
  const { data = {} } = (secret === "" ? {} : JSON.parse(secret)) as { data?: Record<string, string> };
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, Buffer.from(value, "base64").toString()]),
  );
}
