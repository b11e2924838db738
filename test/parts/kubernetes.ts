import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CACHE, cached, findProgram, PartMissing, pathFolders, run, say } from "./cache.ts";

/** What a control plane for tests is made of. */
export type KubernetesPart = "kube-apiserver" | "etcd" | "kube-controller-manager" | "kubectl";

export const KUBERNETES_VERSION = "v1.36.3";
const ETCD_VERSION = "v3.6.8";
const MODULE = fileURLToPath(new URL("./go", import.meta.url));
const PACKAGES: Readonly<Record<KubernetesPart, string>> = {
  "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
  etcd: "go.etcd.io/etcd/server/v3",
  "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
  kubectl: "k8s.io/kubernetes/cmd/kubectl",
};

/** The path of a part: KUBEBUILDER_ASSETS, PATH, kubebuilder's folder, then the cache, filled by `go build` once. Throws PartMissing. */
export async function findKubernetesPart(part: KubernetesPart): Promise<string> {
  const folders = [process.env.KUBEBUILDER_ASSETS, ...pathFolders(), "/usr/local/kubebuilder/bin"];
  const version = part === "etcd" ? ETCD_VERSION : KUBERNETES_VERSION;
  return (
    findProgram(part, folders) ?? (await cached(`${part}-${version}`, part, (folder) => build(part, folder)))
  );
}

async function build(part: KubernetesPart, folder: string): Promise<void> {
  say(`${part}: building it from its Go module into ${CACHE}, which takes a few minutes the first time …`);
  const stamp = "k8s.io/component-base/version";
  const flags = `-s -w -X ${stamp}.gitVersion=${KUBERNETES_VERSION} -X ${stamp}.gitMajor=1 -X ${stamp}.gitMinor=36`;
  const options = ["-mod=readonly", "-buildvcs=false", "-trimpath", `-ldflags=${flags}`];
  try {
    await run("go", ["build", ...options, "-o", join(folder, part), PACKAGES[part]], {
      cwd: MODULE,
      env: { ...process.env, CGO_ENABLED: "0" },
    });
  } catch (error) {
    throw new PartMissing(
      `${part} was not found and could not be built: install Go 1.26 or newer and let it reach a Go module proxy, or set KUBEBUILDER_ASSETS to a folder that holds kube-apiserver, etcd, kube-controller-manager and kubectl.`,
      { cause: error },
    );
  }
}
