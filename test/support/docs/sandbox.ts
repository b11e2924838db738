import { chmod, cp, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findEnvoy } from "../../parts/envoy.ts";
import { findHelm } from "../../parts/helm.ts";
import { findKubernetesPart } from "../../parts/kubernetes.ts";
import { Program } from "../childProcess.ts";
import { freshBundle } from "../freshBundle.ts";
import { removeFolder, temporaryFolder } from "../temporaryFolder.ts";
import { signedBytesOf } from "./requests.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const STAND_IN = fileURLToPath(new URL("standIn.ts", import.meta.url));
const STAND_INS = ["countersign", "kubectl-countersign", "docker", "envoy", "helm", "kubectl", "npm"];

/** A folder as a reader's clone: the project's files, the files that pages speak of, and programs that change nothing. */
export class Sandbox {
  readonly folder: string;
  readonly #env: NodeJS.ProcessEnv;

  constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.#env = env;
  }

  /** Runs the text as a reader pastes it; fails with what it printed. */
  async sh(text: string): Promise<string> {
    const program = new Program("bash", ["-euo", "pipefail", "-c", text], {
      name: text.split("\n")[0] ?? "",
      cwd: this.folder,
      env: this.#env,
    });
    const status = await program.ended;
    if (status !== 0) throw new Error(`ended with ${status}:\n${text}\n${program.output.slice(-4_000)}`);
    return program.stdout;
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, name), text);
  }

  async remove(): Promise<void> {
    await removeFolder(this.folder);
  }
}

/** Where the sandbox's programs find what runs. */
export interface Surroundings {
  readonly kubeconfig: string;
  /** The ports that pages name, and what they are here. */
  readonly ports: Readonly<Record<number, number>>;
}

/** A sandbox whose programs speak to these. */
export async function createSandbox(surroundings: Surroundings): Promise<Sandbox> {
  const folder = await temporaryFolder("docs");
  for (const name of await readdir(ROOT)) {
    if (!name.startsWith(".") && name !== "dist") await symlink(join(ROOT, name), join(folder, name));
  }
  const sandbox = new Sandbox(folder, await environment(folder, surroundings));
  await cp(join(ROOT, "examples/quickstart"), join(folder, "resources"), { recursive: true });
  // Makes the key pairs that pages sign with.
  await sandbox.sh("countersign standalone ./resources");
  // Pages look at a certificate as it lies in a Secret.
  await sandbox.sh(
    "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x -keyout tls.key -out tls.crt",
  );
  const requests = await signedBytesOf(join(folder, ".countersign"));
  for (const [name, text] of Object.entries(requests)) await sandbox.write(name, text);
  return sandbox;
}

async function environment(folder: string, { kubeconfig, ports }: Surroundings): Promise<NodeJS.ProcessEnv> {
  const bin = join(folder, ".bin");
  await mkdir(bin);
  for (const name of STAND_INS) {
    const file = join(bin, name);
    const quiet = "--disable-warning=ExperimentalWarning";
    await writeFile(file, `#!/bin/sh\nexec "${process.execPath}" ${quiet} "${STAND_IN}" ${name} "$@"\n`);
    await chmod(file, 0o755);
  }
  return {
    ...process.env,
    PATH: `${bin}:${process.env.PATH}`,
    HOME: folder,
    KUBECONFIG: kubeconfig,
    KUBECTL_KUBERC: "false",
    DOCS_PORTS: JSON.stringify(ports),
    DOCS_MAIN: freshBundle(),
    DOCS_ENVOY: await findEnvoy(),
    DOCS_HELM: await findHelm(),
    DOCS_KUBECTL: await findKubernetesPart("kubectl"),
  };
}
