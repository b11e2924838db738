import { mkdir, readFile, writeFile } from "node:fs/promises";
import { run } from "../test/parts/cache.ts";
import { findHelm } from "../test/parts/helm.ts";
import { type ManifestObject, manifestFiles } from "./manifests/render.ts";

/** `npm run manifests`: writes manifests/ from the chart; with --check it writes nothing and fails when a file is not what it would write. */
const root = new URL("../", import.meta.url);
const check = process.argv.includes("--check");
const TLS_SECRET = "tls.mode=existingSecret,tls.existingSecret=countersign-verifier-tls";

/** The release's own namespace, which Helm leaves to its user. */
const system: ManifestObject = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: {
    name: "countersign-system",
    labels: { "countersign.dev/system": "true", "pod-security.kubernetes.io/enforce": "restricted" },
  },
};

const helm = await findHelm();
const renderings = [TLS_SECRET, `${TLS_SECRET},verifier.autoscaling.enabled=true`, "tls.mode=certManager"];
// What the first one gives is the base: of the others only what the base lacks is taken.
const printed = await Promise.all(renderings.map(render));
for (const [name, text] of manifestFiles(printed, system)) {
  const place = new URL(`manifests/${name}`, root);
  if (!check) {
    await mkdir(new URL(".", place), { recursive: true });
    await writeFile(place, text);
  } else if ((await readFile(place, "utf8").catch(() => "")) !== text) {
    process.stderr.write(`manifests/${name} is not what the chart gives: run npm run manifests\n`);
    process.exitCode = 1;
  }
}

function render(values: string): Promise<string> {
  const release = ["template", "countersign", "helm/countersign", "--namespace", "countersign-system"];
  const options = ["--no-hooks", "--kube-version", "v1.36.3", "--set", `crds.install=false,${values}`];
  return run(helm, [...release, ...options], { cwd: root.pathname });
}
