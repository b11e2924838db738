import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { countersignOutput } from "../support/cluster.ts";
import { removeFolder, temporaryFolder } from "../support/temporaryFolder.ts";
import { EDGE, type Images, RELEASE, SYSTEM } from "./installation.ts";

const FOLDER = "/etc/envoy";
const UPSTREAM_PORT = 9902;
const VERIFIER = `${RELEASE}-verifier.${SYSTEM}.svc.cluster.local`;

/** Objects of an Envoy that asks the chart's verifiers by mTLS; it replies 200 itself, without an upstream. */
export async function envoyObjects({ envoy }: Images): Promise<readonly object[]> {
  return [configMap(await files()), pod(envoy)];
}

/** What `countersign envoy-config` makes, with the upstream put beside it. */
async function files(): Promise<Readonly<Record<string, string>>> {
  const folder = await temporaryFolder("envoy");
  const printed = await countersignOutput([
    ...["envoy-config", "--upstream", `http://127.0.0.1:${UPSTREAM_PORT}`, "--verifier", `${VERIFIER}:9001`],
    ...["--verifier-tls-dir", `${FOLDER}/verifier-tls`, "--verifier-tls-name", VERIFIER, "--sds-dir", folder],
  ]);
  const sds = Object.fromEntries(
    await Promise.all(
      (await readdir(folder)).map(
        async (name) => [name, await readFile(join(folder, name), "utf8")] as const,
      ),
    ),
  );
  await removeFolder(folder);
  const config = parse(printed.replaceAll(folder, FOLDER));
  config.static_resources.listeners.push(upstream());
  return { ...sds, "envoy.yaml": stringify(config) };
}

function upstream(): object {
  const type = "type.googleapis.com/envoy.extensions.filters";
  const everything = {
    match: { prefix: "/" },
    direct_response: { status: 200, body: { inline_string: "ok" } },
  };
  const manager = {
    "@type": `${type}.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: "upstream",
    route_config: { virtual_hosts: [{ name: "upstream", domains: ["*"], routes: [everything] }] },
    http_filters: [
      {
        name: "envoy.filters.http.router",
        typed_config: { "@type": `${type}.http.router.v3.Router` },
      },
    ],
  };
  return {
    name: "upstream",
    address: { socket_address: { address: "127.0.0.1", port_value: UPSTREAM_PORT } },
    filter_chains: [
      { filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }] },
    ],
  };
}

function configMap(data: Readonly<Record<string, string>>): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "envoy", namespace: EDGE }, data };
}

/** Within the restricted profile, like everything here. */
function pod(image: string): object {
  const container = {
    name: "envoy",
    image,
    imagePullPolicy: "IfNotPresent",
    command: ["envoy", "-c", `${FOLDER}/envoy.yaml`, "--disable-hot-restart", "--concurrency", "1"],
    readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "config", mountPath: FOLDER },
      { name: "tls", mountPath: `${FOLDER}/verifier-tls` },
    ],
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "envoy", namespace: EDGE },
    spec: {
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        fsGroup: 65532,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [container],
      volumes: [
        { name: "config", configMap: { name: "envoy" } },
        { name: "tls", secret: { secretName: `${RELEASE}-envoy-tls` } },
      ],
    },
  };
}
