import type { Connection } from "../../src/store/kube/connection.ts";
import {
  adminConnection,
  apply,
  operatorConnection,
  startCountersignServer,
} from "../integration/store/kube/support.ts";
import type { ApiServer } from "../support/apiServer.ts";
import { namespaceManifest } from "../support/manifests.ts";
import { ShiftedClock } from "./asking.ts";
import type { Stage } from "./describeModel.ts";
import { KubeLine } from "./kubeLine.ts";
import { KubeVerifier } from "./kubeVerifier.ts";
import type { Names } from "./names.ts";

/** A real API server with garbage collection, an operator and two verifiers: one line, in which each run has names of its own. */
export class KubeStage implements Stage {
  readonly #server: ApiServer;
  readonly #admin: Connection;
  readonly #operator: Connection;
  readonly #verifiers: readonly KubeVerifier[];
  readonly #line: KubeLine;

  private constructor(
    server: ApiServer,
    admin: Connection,
    operator: Connection,
    verifiers: readonly KubeVerifier[],
    line: KubeLine,
  ) {
    this.#server = server;
    this.#admin = admin;
    this.#operator = operator;
    this.#verifiers = verifiers;
    this.#line = line;
  }

  static async set(): Promise<KubeStage> {
    const server = await startCountersignServer();
    await server.startControllerManager();
    const [admin, operator] = [adminConnection(server), await operatorConnection(server)];
    const clock = new ShiftedClock();
    const verifiers = await Promise.all(
      ["verifier-a", "verifier-b"].map((name) => KubeVerifier.create(server, name, () => clock.wall())),
    );
    for (const verifier of verifiers) verifier.start();
    const line = new KubeLine({ admin, operator, verifiers, clock });
    await line.start();
    return new KubeStage(server, admin, operator, verifiers, line);
  }

  async line({ namespaces }: Names): Promise<KubeLine> {
    for (const namespace of namespaces) await apply(this.#admin, namespaceManifest(namespace));
    return this.#line;
  }

  async stop(): Promise<void> {
    await this.#line.end();
    for (const verifier of this.#verifiers) await verifier.stop();
    await this.#operator.close();
    await this.#admin.close();
    await this.#server.stop();
  }
}
