import { API_VERSION, LABEL_CREDENTIALS } from "../../src/api/names.ts";
import { compareVersions } from "../../src/projection/versions.ts";
import type { Connection } from "../../src/store/kube/connection.ts";
import type { Collection } from "../../src/store/store.ts";
import { startOperatorOver } from "../integration/operator/support.ts";
import { apply, pathOf, remove } from "../integration/store/kube/support.ts";
import type { Manifest } from "../store/behaviour.ts";
import { eventually } from "../support/events.ts";
import type { ShiftedClock } from "./asking.ts";
import type { KubeVerifier } from "./kubeVerifier.ts";
import { type Answer, type Credentials, type Line, type Part, pairIn, type SeenObject } from "./line.ts";
import type { Call } from "./world.ts";

export interface KubeLineParts {
  readonly admin: Connection;
  /** With the operator's rights. */
  readonly operator: Connection;
  readonly verifiers: readonly KubeVerifier[];
  readonly clock: ShiftedClock;
}

/** An operator and verifiers over an API server, all in this process. */
export class KubeLine implements Line {
  readonly #parts: KubeLineParts;
  #operator: Awaited<ReturnType<typeof startOperatorOver>> | undefined;
  #restarts = 0;

  constructor(parts: KubeLineParts) {
    this.#parts = parts;
  }

  get #now() {
    if (!this.#operator) throw new Error("the operator does not run");
    return this.#operator;
  }

  async start(): Promise<void> {
    const { operator, clock } = this.#parts;
    this.#operator = await startOperatorOver(operator, {}, clock);
  }

  now(): number {
    return this.#parts.clock.wall();
  }

  pass(ms: number): void {
    this.#parts.clock.pass(ms);
  }

  async provide(secret: Manifest): Promise<void> {
    await apply(this.#parts.admin, secret);
  }

  async apply(manifest: Manifest): Promise<SeenObject> {
    return (await apply(this.#parts.admin, manifest)) as SeenObject;
  }

  remove(manifest: Manifest): Promise<void> {
    return remove(this.#parts.admin, manifest);
  }

  async find(manifest: Manifest): Promise<SeenObject | undefined> {
    return (await this.#read(pathOf(manifest))) as SeenObject | undefined;
  }

  async credentials(namespace: string, application: string): Promise<Credentials | undefined> {
    const found = await this.#read(pathOf(secretManifest(namespace, application)));
    const data = (found as { readonly data?: Readonly<Record<string, string>> } | undefined)?.data;
    return data && pairIn((key) => Buffer.from(data[key] ?? "", "base64").toString());
  }

  async loseCredentials(namespace: string, application: string): Promise<void> {
    const secret = secretManifest(namespace, application);
    if (await this.#read(pathOf(secret))) await remove(this.#parts.admin, secret);
  }

  async loseIdentity(manifest: Manifest): Promise<void> {
    const { admin } = this.#parts;
    await remove(admin, manifest);
    const call = { contentType: "application/merge-patch+json", body: { metadata: { finalizers: null } } };
    const { status } = await admin.request("PATCH", pathOf(manifest), call);
    if (status >= 300 && status !== 404) throw new Error(`the finalizers stay: ${status}`);
    await eventually(async () => !(await this.find(manifest)), { intervalMs: 5 });
  }

  /** The verifiers take turns. */
  async restart(part: Part): Promise<void> {
    const { verifiers } = this.#parts;
    if (part === "verifier") return await verifiers[this.#restarts++ % verifiers.length]?.restart();
    await this.#now.stop();
    await this.start();
  }

  async settled(): Promise<void> {
    await eventually(async () => {
      await this.#now.operator.idle();
      return await this.#isUpToDate();
    });
    await this.#now.operator.idle();
    await eventually(() => this.#parts.verifiers.every((verifier) => verifier.has(this.#written())), {
      intervalMs: 5,
    });
  }

  ask(call: Call, credentials: Pick<Credentials, "key" | "secret">): readonly Answer[] {
    return this.#parts.verifiers.map((verifier) => verifier.ask(call, credentials));
  }

  /** The stage stays in use. */
  async stop(): Promise<void> {}

  async end(): Promise<void> {
    await this.#operator?.stop();
  }

  /** The version of the latest projection that the operator knows. */
  #written(): string {
    const versions = [...this.#now.store.projections.values()].map(({ resourceVersion }) => resourceVersion);
    return versions.sort(compareVersions).at(-1) ?? "";
  }

  /** Whether the operator sees what there is. */
  async #isUpToDate(): Promise<boolean> {
    const { applications, grants, domains, secrets } = this.#now.store;
    const lists: readonly [string, Collection<{ readonly metadata: SeenObject["metadata"] }>][] = [
      [`/apis/${API_VERSION}/applications`, applications],
      [`/apis/${API_VERSION}/apigrants`, grants],
      [`/apis/${API_VERSION}/apidomains`, domains],
      [`/api/v1/secrets?labelSelector=${LABEL_CREDENTIALS}%3Dtrue`, secrets],
    ];
    for (const [path, collection] of lists) {
      const { items } = (await this.#read(path)) as { readonly items: readonly SeenObject[] };
      if (versionsOf(items) !== versionsOf([...collection.values()])) return false;
    }
    return true;
  }

  async #read(path: string): Promise<unknown> {
    const { status, body } = await this.#parts.admin.request("GET", path);
    if (status === 404) return undefined;
    if (status !== 200) throw new Error(`${path} was answered ${status}`);
    return body;
  }
}

function versionsOf(objects: readonly SeenObject[]): string {
  return objects
    .map(({ metadata }) => `${metadata.uid} ${metadata.resourceVersion}`)
    .sort()
    .join("\n");
}

function secretManifest(namespace: string, application: string): Manifest {
  const metadata = { namespace, name: `${application}-credentials` };
  return { apiVersion: "v1", kind: "Secret", metadata };
}
