import { generateKeyPairSync, randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findKubernetesPart } from "../parts/kubernetes.ts";
import { Program } from "./childProcess.ts";
import { eventually } from "./events.ts";
import { kubeconfig, runKubectl } from "./kubectl.ts";
import { freePort } from "./ports.ts";

/** A Pod that a token is bound to, so that the API server can tell which one speaks. */
export interface BoundPod {
  readonly name: string;
  readonly uid: string;
}

/** A real kube-apiserver over a real etcd, with RBAC on, on 127.0.0.1. */
export class ApiServer {
  readonly #etcd: Program;
  readonly #files: Files;
  readonly #port: number;
  readonly #etcdPort: number;
  #server: Program | undefined;
  #controllers: Program | undefined;

  constructor(etcd: Program, files: Files, port: number, etcdPort: number) {
    this.#etcd = etcd;
    this.#files = files;
    this.#port = port;
    this.#etcdPort = etcdPort;
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  /** A kubeconfig file of a cluster administrator. */
  get kubeconfig(): string {
    return join(this.#files.folder, "admin.kubeconfig");
  }

  get caFile(): string {
    return join(this.#files.folder, "certs", "apiserver.crt");
  }

  get adminToken(): string {
    return this.#files.adminToken;
  }

  /** Runs kubectl as administrator; answers what it printed on standard output, throws with what it printed on standard error. */
  kubectl(args: readonly string[], options: { stdin?: string; timeoutMs?: number } = {}): Promise<string> {
    return runKubectl(["--kubeconfig", this.kubeconfig, ...args], options);
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

  /** A kubeconfig file for a ServiceAccount, with a token as tokenFor gives. */
  async kubeconfigFor(namespace: string, serviceAccount: string, pod?: BoundPod): Promise<string> {
    const token = await this.tokenFor(namespace, serviceAccount, pod);
    const file = join(this.#files.folder, `${serviceAccount}-${randomUUID().slice(0, 8)}.kubeconfig`);
    await writeFile(file, kubeconfig(this.url, this.caFile, token), { mode: 0o600 });
    return file;
  }

  /** Creates a Pod object of a ServiceAccount, which nothing runs, for tokens bound to it. */
  async createPod(namespace: string, name: string, serviceAccountName: string): Promise<BoundPod> {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace },
      spec: { serviceAccountName, containers: [{ name: "c", image: "none" }] },
    };
    const made = await this.kubectl(["create", "-f", "-", "-o", "json"], { stdin: JSON.stringify(pod) });
    return { name, uid: JSON.parse(made).metadata.uid };
  }

  /** Starts the API server's process, again after `kill`; resolves when it serves. */
  async start(): Promise<void> {
    const args = this.#files.serverArgs(this.#port, this.#etcdPort);
    const server = new Program(await findKubernetesPart("kube-apiserver"), args, { name: "kube-apiserver" });
    this.#server = server;
    await eventually(
      async () => {
        if (server.hasEnded)
          throw new Error(`kube-apiserver ended at its start:\n${server.output.slice(-3_000)}`);
        return (await this.kubectl(["get", "--raw", "/readyz"], { timeoutMs: 2_000 })) === "ok";
      },
      { timeoutMs: 60_000, intervalMs: 150 },
    );
  }

  /** Takes the API server away; etcd keeps what it holds. */
  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    await this.#server?.stop(signal);
  }

  /** Freezes the API server: connections stay, nothing answers. */
  pause(): void {
    this.#server?.kill("SIGSTOP");
  }

  resume(): void {
    this.#server?.kill("SIGCONT");
  }

  /** Garbage collection and the deletion of namespaces come with the controller manager. */
  async startControllerManager(): Promise<void> {
    const args = [
      "--kubeconfig",
      this.kubeconfig,
      "--leader-elect=false",
      "--use-service-account-credentials=false",
    ];
    const controllers =
      "--controllers=garbage-collector-controller,namespace-controller,serviceaccount-controller";
    const program = await findKubernetesPart("kube-controller-manager");
    const keys = [
      "--secure-port=0",
      `--service-account-private-key-file=${join(this.#files.folder, "sa.key")}`,
    ];
    this.#controllers = new Program(program, [...args, controllers, ...keys], {
      name: "kube-controller-manager",
    });
    await this.#controllers.waitFor(
      /Garbage collector: all resource monitors have synced|garbage.*synced/i,
      60_000,
    );
  }

  async stop(): Promise<void> {
    await this.#controllers?.stop("SIGKILL");
    await this.#server?.stop("SIGKILL");
    await this.#etcd.stop("SIGKILL");
    await rm(this.#files.folder, { recursive: true, force: true });
  }
}

/** Starts etcd and kube-apiserver on ports that the system picks; ready within a few seconds. */
export async function startApiServer(): Promise<ApiServer> {
  const folder = await mkdtemp(join(tmpdir(), "countersign-apiserver-"));
  const [port, etcdPort, peerPort] = [await freePort(), await freePort(), await freePort()];
  const files = new Files(folder);
  await files.write(`https://127.0.0.1:${port}`, join(folder, "certs", "apiserver.crt"));
  const etcd = new Program(await findKubernetesPart("etcd"), etcdArgs(folder, etcdPort, peerPort), {
    name: "etcd",
  });
  await etcd.waitFor(/ready to serve client requests/);
  const server = new ApiServer(etcd, files, port, etcdPort);
  try {
    await server.start();
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function etcdArgs(folder: string, port: number, peerPort: number): readonly string[] {
  const client = `http://127.0.0.1:${port}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  return [
    ...["--data-dir", join(folder, "etcd"), "--unsafe-no-fsync", "--log-level", "info"],
    ...["--listen-client-urls", client, "--advertise-client-urls", client],
    ...[
      "--listen-peer-urls",
      peer,
      "--initial-advertise-peer-urls",
      peer,
      "--initial-cluster",
      `default=${peer}`,
    ],
  ];
}

/** The files that one control plane needs, in a folder of its own. */
class Files {
  readonly folder: string;
  readonly adminToken = randomUUID();

  constructor(folder: string) {
    this.folder = folder;
  }

  async write(url: string, caFile: string): Promise<void> {
    const keys = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    await writeFile(join(this.folder, "sa.key"), keys.privateKey, { mode: 0o600 });
    await writeFile(join(this.folder, "sa.pub"), keys.publicKey);
    await writeFile(join(this.folder, "tokens.csv"), `${this.adminToken},admin,admin,system:masters\n`, {
      mode: 0o600,
    });
    await writeFile(join(this.folder, "admin.kubeconfig"), kubeconfig(url, caFile, this.adminToken), {
      mode: 0o600,
    });
    await chmod(this.folder, 0o700);
  }

  serverArgs(port: number, etcdPort: number): readonly string[] {
    const file = (name: string) => join(this.folder, name);
    return [
      `--etcd-servers=http://127.0.0.1:${etcdPort}`,
      ...[
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        `--secure-port=${port}`,
        `--cert-dir=${file("certs")}`,
      ],
      ...["--authorization-mode=RBAC", `--token-auth-file=${file("tokens.csv")}`],
      ...[
        "--service-account-issuer=https://kubernetes.default.svc",
        `--service-account-key-file=${file("sa.pub")}`,
      ],
      `--service-account-signing-key-file=${file("sa.key")}`,
      ...["--service-cluster-ip-range=10.0.0.0/24", "--disable-admission-plugins=ServiceAccount"],
      "--shutdown-delay-duration=0s",
    ];
  }
}
