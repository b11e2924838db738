import type { Application } from "../../src/api/application.ts";
import { loadAccess } from "../../src/store/kube/access.ts";
import { Connection, type Method } from "../../src/store/kube/connection.ts";
import { kindPath, objectPath, secretsPath } from "../../src/store/kube/paths.ts";
import { type Credentials, credentialsIn } from "./caller.ts";

interface Manifest {
  readonly metadata: { readonly name: string; readonly namespace: string };
}

/** The API server over kept connections, for what is asked often: a kubectl process takes longer than what is looked at. */
export class ApiClient {
  readonly #connection: Connection;

  constructor(kubeconfig: string) {
    this.#connection = new Connection(loadAccess({ kubeconfig }));
  }

  async application(namespace: string, name: string): Promise<Application> {
    return (await this.#ask("GET", objectPath(kindPath("Application", namespace), name))) as Application;
  }

  /** Changes fields of an Application's spec, and returns the spec after the change. */
  async patchApplication(namespace: string, name: string, spec: object): Promise<Application> {
    const path = objectPath(kindPath("Application", namespace), name);
    return (await this.#ask("PATCH", path, "application/merge-patch+json", { spec })) as Application;
  }

  /** Server-side apply of a grant, as `kubectl apply --server-side` asks for it. */
  async applyGrant(grant: Manifest): Promise<void> {
    const query = { fieldManager: "countersign-bench", force: "true" };
    await this.#ask("PATCH", pathOf(grant), "application/apply-patch+yaml", grant, query);
  }

  /** Asks for a grant's deletion, and does not wait for it. */
  async deleteGrant(grant: Manifest): Promise<void> {
    await this.#ask("DELETE", pathOf(grant));
  }

  async hasGrant(grant: Manifest): Promise<boolean> {
    return (await this.#connection.request("GET", pathOf(grant))).status !== 404;
  }

  /** The key pair that callers of this Application read. */
  async credentials(namespace: string, application: string): Promise<Credentials> {
    const path = objectPath(secretsPath(namespace), `${application}-credentials`);
    const { data } = (await this.#ask("GET", path)) as { data: Record<string, string> };
    return credentialsIn(data);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #ask(
    method: Method,
    path: string,
    contentType?: string,
    body?: object,
    query: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    const call = contentType === undefined ? {} : { contentType, body, query };
    const answer = await this.#connection.request(method, path, call);
    if (answer.status !== 200 && answer.status !== 201)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}

function pathOf({ metadata }: Manifest): string {
  return objectPath(kindPath("ApiGrant", metadata.namespace), metadata.name);
}
