import type { ApiServer } from "../../test/support/apiServer.ts";
import { Program } from "../../test/support/childProcess.ts";
import { freshBundle } from "../../test/support/freshBundle.ts";
import { imageEnvironment, imageFlags } from "./imageFlags.ts";

/** Stops what was started, in the end. */
export interface Keeper {
  readonly say: (line: string) => void;
  defer(stop: () => Promise<unknown>): void;
}

/** Starts a program of Countersign with the rights of manifests/, under the name of a Pod of that number. */
export async function startProgram(
  keeper: Keeper,
  server: ApiServer,
  name: "operator" | "verifier",
  number: number,
  flags: readonly string[],
): Promise<Program> {
  const account = `countersign-${name}`;
  const pod = await server.createPod("countersign-system", `${name}-${number}`, account);
  const kubeconfig = await server.kubeconfigFor("countersign-system", account, pod);
  const args = [name, "--metrics-listen", "127.0.0.1:0", "--kubeconfig", kubeconfig, ...flags];
  const program = new Program(process.execPath, [...imageFlags(), freshBundle(), ...args], {
    name,
    env: {
      ...process.env,
      ...(await imageEnvironment(freshBundle())),
      POD_NAME: pod.name,
      POD_UID: pod.uid,
      POD_NAMESPACE: "countersign-system",
    },
  });
  keeper.defer(() => program.stop());
  return program;
}
