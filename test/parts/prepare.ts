import { PartMissing } from "./cache.ts";
import { findEnvoy } from "./envoy.ts";
import { findHttpRouteCrd } from "./gatewayApi.ts";
import { findKubernetesPart } from "./kubernetes.ts";

/** Makes sure that every real part is there before the first test starts, so that none of them waits for a build. */
try {
  await findEnvoy();
  await findKubernetesPart("etcd");
  await findKubernetesPart("kube-apiserver");
  await findKubernetesPart("kube-controller-manager");
  await findKubernetesPart("kubectl");
  await findHttpRouteCrd();
} catch (error) {
  if (!(error instanceof PartMissing)) throw error;
  // The sentence comes last, where a reader looks first.
  if (error.cause instanceof Error) process.stderr.write(`${error.cause.message}\n`);
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
