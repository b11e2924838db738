import { generateKeyPairSync, randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { kubeconfig } from "./kubectl.ts";
import { removeFolder, temporaryFolder } from "./temporaryFolder.ts";

/** Where one control plane listens on 127.0.0.1. */
export interface Ports {
  readonly server: number;
  readonly etcd: number;
  readonly etcdPeer: number;
}

/** Who of our processes asked for what; bodies are not kept. */
const AUDIT = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [
    { level: "Metadata", userGroups: ["system:serviceaccounts:countersign-system"] },
    { level: "None" },
  ],
};

/** The files that one control plane needs, in a temporary folder of its own that only we may read. */
export class ControlPlaneFiles {
  readonly folder: string;
  readonly adminToken = randomUUID();

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(url: string): Promise<ControlPlaneFiles> {
    const files = new ControlPlaneFiles(await temporaryFolder("apiserver"));
    const keys = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
    });
    await files.write("sa.key", keys.privateKey);
    await files.write("sa.pub", keys.publicKey);
    await files.write("tokens.csv", `${files.adminToken},admin,admin,system:masters\n`);
    await files.write("audit.json", JSON.stringify(AUDIT));
    await files.write("admin.kubeconfig", kubeconfig(url, files.caFile, files.adminToken));
    return files;
  }

  /** The server's self-signed certificate, there once it has started. */
  get caFile(): string {
    return this.path("certs/apiserver.crt");
  }

  /** What the API server was asked by our ServiceAccounts: an audit event a line. */
  get auditLog(): string {
    return this.path("audit.log");
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async write(name: string, content: string): Promise<string> {
    await writeFile(this.path(name), content, { mode: 0o600 });
    return this.path(name);
  }

  async remove(): Promise<void> {
    await removeFolder(this.folder);
  }
}

export function etcdFlags(files: ControlPlaneFiles, ports: Ports): readonly string[] {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return [
    `--data-dir=${files.path("etcd")}`,
    "--unsafe-no-fsync",
    "--log-level=info",
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
  ];
}

/** RBAC is on, as in every cluster; the ServiceAccount admission is off, since nothing here mounts tokens into Pods. */
export function apiServerFlags(files: ControlPlaneFiles, ports: Ports): readonly string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${ports.server}`,
    `--cert-dir=${files.path("certs")}`,
    "--authorization-mode=RBAC",
    `--token-auth-file=${files.path("tokens.csv")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${files.path("sa.pub")}`,
    `--service-account-signing-key-file=${files.path("sa.key")}`,
    "--service-cluster-ip-range=10.0.0.0/24",
    "--disable-admission-plugins=ServiceAccount",
    "--enable-admission-plugins=OwnerReferencesPermissionEnforcement",
    `--audit-policy-file=${files.path("audit.json")}`,
    `--audit-log-path=${files.auditLog}`,
    "--shutdown-delay-duration=0s",
  ];
}

export function controllerManagerFlags(files: ControlPlaneFiles): readonly string[] {
  return [
    `--kubeconfig=${files.path("admin.kubeconfig")}`,
    "--leader-elect=false",
    "--use-service-account-credentials=false",
    "--controllers=garbage-collector-controller,namespace-controller,serviceaccount-controller",
    "--secure-port=0",
    `--service-account-private-key-file=${files.path("sa.key")}`,
  ];
}
