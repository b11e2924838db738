import { randomUUID } from "node:crypto";
import { findKubernetesPart } from "../parts/kubernetes.ts";
import { Program } from "./childProcess.ts";
import {
  apiServerFlags,
  ControlPlaneFiles,
  controllerManagerFlags,
  etcdFlags,
  type Ports,
} from "./controlPlaneFiles.ts";
import { eventually, Hopeless } from "./events.ts";
import { kubeconfig, runKubectl } from "./kubectl.ts";
import { reservePort } from "./ports.ts";

/** A Pod that a token is bound to, so that the API server knows which one sends the request. */
export interface BoundPod {
  readonly name: string;
  readonly uid: string;
}

/** The namespace of the verifiers takes no other Pods. */
const RESTRICTED = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

/** A real kube-apiserver over a real etcd, with RBAC on, on 127.0.0.1. */
export class ApiServer {
  readonly #etcd: Program;
  readonly #files: ControlPlaneFiles;
  readonly #ports: Ports;
  #server: Program | undefined;
  #controllers: Program | undefined;
  readonly #replicas: Program[] = [];

  constructor(etcd: Program, files: ControlPlaneFiles, ports: Ports) {
    this.#etcd = etcd;
    this.#files = files;
    this.#ports = ports;
  }

  get url(): string {
    return serverUrl(this.#ports);
  }

  get etcdUrl(): string {
    return `http://127.0.0.1:${this.#ports.etcd}`;
  }

  /** A kubeconfig file of a cluster administrator. */
  get kubeconfig(): string {
    return this.#files.path("admin.kubeconfig");
  }

  get caFile(): string {
    return this.#files.caFile;
  }

  /** The key of its certificate, which is its own authority. */
  get keyFile(): string {
    return this.#files.path("certs/apiserver.key");
  }

  /** The path of the audit log: what our ServiceAccounts asked, an event a line. */
  get auditLog(): string {
    return this.#files.auditLog;
  }

  get adminToken(): string {
    return this.#files.adminToken;
  }

  /** The ids of all its processes that run now. */
  get pids(): readonly number[] {
    return [this.#etcd, this.#server, this.#controllers, ...this.#replicas].flatMap((program) =>
      program && !program.hasEnded ? [program.pid] : [],
    );
  }

  /** Runs kubectl as administrator; returns its standard output, throws with its standard error. */
  kubectl(args: readonly string[], options: { stdin?: string; timeoutMs?: number } = {}): Promise<string> {
    // In the home folder the cache would outlive the server, and a later one on the same port would be taken for it.
    const own = ["--kubeconfig", this.kubeconfig, `--cache-dir=${this.#files.path("kubectl-cache")}`];
    return runKubectl([...own, ...args], options);
  }

  /**
   * Waits until the API server serves all CRDs, or those that are named. kubectl 1.36 fails if it looks before a new CRD has any
   * condition, so it is asked again.
   */
  async crdsServed(...crds: readonly string[]): Promise<void> {
    const which = crds.length > 0 ? crds.map((name) => `crd/${name}`) : ["crd", "--all"];
    await eventually(() => this.kubectl(["wait", "--for=condition=Established", ...which]), {
      timeoutMs: 60_000,
    });
  }

  /** Applies YAML text by kubectl. */
  apply(yaml: string, args: readonly string[] = []): Promise<string> {
    return this.kubectl(["apply", "-f", "-", ...args], { stdin: yaml });
  }

  /** A token of a ServiceAccount, bound to a Pod where one is named (its object must exist). */
  async tokenFor(namespace: string, serviceAccount: string, pod?: BoundPod): Promise<string> {
    const bound = pod
      ? ["--bound-object-kind", "Pod", "--bound-object-name", pod.name, "--bound-object-uid", pod.uid]
      : [];
    return (await this.kubectl(["create", "token", serviceAccount, "-n", namespace, ...bound])).trim();
  }

  /** A kubeconfig file for a ServiceAccount, with a token as tokenFor gives; `url` is another way to this server. */
  async kubeconfigFor(
    namespace: string,
    serviceAccount: string,
    pod?: BoundPod,
    url = this.url,
  ): Promise<string> {
    const token = await this.tokenFor(namespace, serviceAccount, pod);
    const name = `${serviceAccount}-${randomUUID().slice(0, 8)}.kubeconfig`;
    return await this.#files.write(name, kubeconfig(url, this.caFile, token));
  }

  /** Creates a Pod object of a ServiceAccount, which nothing runs, for tokens bound to it. */
  async createPod(namespace: string, name: string, serviceAccountName: string): Promise<BoundPod> {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace },
      spec: {
        serviceAccountName,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
        containers: [{ name: "c", image: "none", securityContext: RESTRICTED }],
      },
    };
    const made = await this.kubectl(["create", "-f", "-", "-o", "json"], { stdin: JSON.stringify(pod) });
    return { name, uid: JSON.parse(made).metadata.uid };
  }

  /** Starts the API server's process, again after `kill`, on the same port; resolves when it serves. */
  async start(): Promise<void> {
    const flags = apiServerFlags(this.#files, this.#ports);
    const server = new Program(await findKubernetesPart("kube-apiserver"), flags, { name: "kube-apiserver" });
    this.#server = server;
    await eventually(
      async () => {
        if (server.hasEnded) throw new Hopeless(`kube-apiserver ended:\n${server.output.slice(-3_000)}`);
        return (await this.kubectl(["get", "--raw", "/readyz"], { timeoutMs: 2_000 })) === "ok";
      },
      { timeoutMs: 60_000, intervalMs: 150 },
    );
  }

  /** Takes the API server away; etcd keeps what it holds. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    await this.#server?.stop(signal);
  }

  /** Takes the API server away and brings it back: same address, same objects. */
  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /**
   * Starts a second kube-apiserver over the same etcd, which it reaches on `etcdPort`; resolves with its URL when it serves. It has
   * the certificate and the tokens of the first.
   */
  async startReplica(etcdPort: number): Promise<string> {
    const ports = { ...this.#ports, server: await reservePort(), etcd: etcdPort };
    const program = await findKubernetesPart("kube-apiserver");
    const replica = new Program(program, apiServerFlags(this.#files, ports), { name: "replica" });
    this.#replicas.push(replica);
    const ask = ["--server", serverUrl(ports), "get", "--raw", "/readyz"];
    await eventually(
      async () => {
        if (replica.hasEnded) throw new Hopeless(`the replica ended:\n${replica.output.slice(-3_000)}`);
        return (await this.kubectl(ask, { timeoutMs: 2_000 })) === "ok";
      },
      { timeoutMs: 60_000, intervalMs: 150 },
    );
    return serverUrl(ports);
  }

  /** Freezes the API server: connections stay open, requests get no response. */
  pause(): void {
    this.#server?.kill("SIGSTOP");
  }

  resume(): void {
    this.#server?.kill("SIGCONT");
  }

  /** Garbage collection and the deletion of namespaces come with the controller manager; resolves once it watches. */
  async startControllerManager(): Promise<void> {
    const program = await findKubernetesPart("kube-controller-manager");
    const flags = controllerManagerFlags(this.#files);
    this.#controllers = new Program(program, flags, { name: "kube-controller-manager" });
    await this.#controllers.waitFor(/all resource monitors have synced/i, 60_000);
  }

  /** Ends every process and removes every file. */
  async stop(): Promise<void> {
    for (const program of [this.#controllers, ...this.#replicas, this.#server, this.#etcd])
      await program?.stop("SIGKILL");
    await this.#files.remove();
  }
}

/** Starts etcd and kube-apiserver, which need their ports in advance; ready within a few seconds. */
export async function startApiServer(): Promise<ApiServer> {
  const ports = { server: await reservePort(), etcd: await reservePort(), etcdPeer: await reservePort() };
  const files = await ControlPlaneFiles.create(serverUrl(ports));
  const etcd = new Program(await findKubernetesPart("etcd"), etcdFlags(files, ports), { name: "etcd" });
  const server = new ApiServer(etcd, files, ports);
  try {
    await etcd.waitFor(/ready to serve client requests/);
    await server.start();
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function serverUrl(ports: Ports): string {
  return `https://127.0.0.1:${ports.server}`;
}
