import { findAddOnCrds } from "./addOns.ts";
import { findBuildah, findRoot, findSystemdAnalyze } from "./buildah.ts";
import { PartMissing } from "./cache.ts";
import { findChromium } from "./chromium.ts";
import { findLibraries } from "./debianLibraries.ts";
import { findEnvoy } from "./envoy.ts";
import { findEnvoyGateway } from "./envoyGateway.ts";
import { findHttpRouteCrd } from "./gatewayApi.ts";
import { findGatewayFiles, GATEWAYS } from "./gateways.ts";
import { findGrpcGoClient } from "./grpcGo.ts";
import { findHelm, findKstatus } from "./helm.ts";
import { findKubernetesPart } from "./kubernetes.ts";
import { findMessageSigners } from "./messageSigners.ts";
import { findPromtool } from "./promtool.ts";
import { findRedis } from "./redis.ts";

const controlPlane = [
  () => findKubernetesPart("etcd"),
  () => findKubernetesPart("kube-apiserver"),
  () => findKubernetesPart("kube-controller-manager"),
  () => findKubernetesPart("kubectl"),
];

/** What each suite of scripts/test.mjs needs, in the order in which it is found or made. */
const NEEDS: Readonly<Record<string, readonly (() => Promise<unknown>)[]>> = {
  all: [
    findEnvoy,
    ...controlPlane,
    findHttpRouteCrd,
    findEnvoyGateway,
    findHelm,
    findAddOnCrds,
    findPromtool,
    findRedis,
    findGrpcGoClient,
    findMessageSigners,
    ...GATEWAYS.map((gateway) => () => findGatewayFiles(gateway)),
  ],
  chart: [...controlPlane, findHelm, findKstatus, findAddOnCrds],
  cluster: [findEnvoy, () => findKubernetesPart("kubectl"), findHelm],
  unit: [],
  console: [findEnvoy, ...controlPlane, findChromium],
  image: [findRoot, findBuildah, findSystemdAnalyze, findLibraries],
};

/** Makes sure that every real part is there before the first test starts, so that no test waits for a build. */
try {
  const needs = NEEDS[process.argv[2] ?? "all"];
  if (!needs) throw new Error(`no suite is called ${process.argv[2]}`);
  for (const find of needs) await find();
} catch (error) {
  if (!(error instanceof PartMissing)) throw error;
  // The sentence comes last, where a reader looks first.
  if (error.cause instanceof Error) process.stderr.write(`${error.cause.message}\n`);
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
