import { type ApiServer, type BoundPod, startApiServer } from "./apiServer.ts";
import { type Answer, type Call, type Credentials, credentialsIn, send } from "./caller.ts";
import { Program } from "./childProcess.ts";
import { type EnvoyProcess, startEnvoy } from "./envoyProcess.ts";
import { eventually } from "./events.ts";
import { freshBundle } from "./freshBundle.ts";
import { namespaceManifest, team } from "./manifests.ts";
import { Mtls } from "./mtls.ts";
import { reservePort } from "./ports.ts";
import { startUpstream, type Upstream } from "./upstream.ts";

/** Starts the program as its users do: the bundle, which must have been built before this process started. */
export function countersign(args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd?: string): Program {
  return new Program(process.execPath, [freshBundle(), ...args], {
    name: `countersign ${args[0]}`,
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
}

/** Runs the program to its end; returns its standard output. */
export async function countersignOutput(args: readonly string[]): Promise<string> {
  const program = countersign(args);
  const status = await program.ended;
  if (status !== 0) throw new Error(`countersign ${args.join(" ")} ended with ${status}: ${program.output}`);
  return program.stdout;
}

/** A verifier process, which can be killed and started again on the same port under the same Pod's name. */
export class VerifierProcess {
  readonly port: number;
  readonly #kubeconfig: string;
  readonly #pod: BoundPod;
  readonly #flags: readonly string[];
  #program: Program | undefined;
  /** What earlier processes printed. */
  #before = "";

  constructor(port: number, kubeconfig: string, pod: BoundPod, flags: readonly string[]) {
    this.port = port;
    this.#kubeconfig = kubeconfig;
    this.#pod = pod;
    this.#flags = flags;
  }

  /** Resolves when it listens, which is before it is ready. */
  async start(): Promise<void> {
    const args = ["verifier", "--listen", `127.0.0.1:${this.port}`, "--metrics-listen", "127.0.0.1:0"];
    const env = { POD_NAME: this.#pod.name, POD_UID: this.#pod.uid, POD_NAMESPACE: "countersign-system" };
    this.#before = this.output;
    this.#program = countersign(
      [...args, "--drain", "0s", "--log-level", "debug", "--kubeconfig", this.#kubeconfig, ...this.#flags],
      env,
    );
    await this.#program.waitFor(/"msg":"listening/, 60_000);
  }

  ready(): Promise<unknown> {
    return (this.#program as Program).waitFor(/"msg":"ready"/, 60_000);
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    await this.#program?.stop(signal);
  }

  get metricsUrl(): string {
    return `http://${/"metrics":"([^"]+)"/.exec(this.#program?.output ?? "")?.[1]}`;
  }

  get output(): string {
    return this.#before + (this.#program?.output ?? "");
  }
}

/** An operator process with the rights of manifests/. */
export class OperatorProcess {
  readonly #kubeconfig: string;
  readonly #leaderLease: string;
  readonly #flags: readonly string[];
  #program: Program | undefined;
  #before = "";

  constructor(kubeconfig: string, leaderLease = "2s", flags: readonly string[] = []) {
    this.#kubeconfig = kubeconfig;
    this.#leaderLease = leaderLease;
    this.#flags = flags;
  }

  /** Resolves when it waits for the leader Lease. */
  async start(): Promise<void> {
    this.#before = this.output;
    this.#program = countersign([
      ...["operator", "--metrics-listen", "127.0.0.1:0", "--leader-lease", this.#leaderLease],
      ...["--log-level", "debug", "--kubeconfig", this.#kubeconfig],
      ...this.#flags,
    ]);
    await this.#program.waitFor(/waiting for the leader Lease/, 60_000);
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    await this.#program?.stop(signal);
  }

  get metricsUrl(): string {
    return `http://${/"metrics":"([^"]+)"/.exec(this.#program?.output ?? "")?.[1]}`;
  }

  get output(): string {
    return this.#before + (this.#program?.output ?? "");
  }
}

/** The whole path on the real parts: API server, operator, verifier, Envoy and an upstream. */
export class Cluster {
  readonly server: ApiServer;
  readonly operator: OperatorProcess;
  readonly verifier: VerifierProcess;
  readonly envoy: EnvoyProcess;
  readonly upstream: Upstream;
  readonly port: number;
  /** Between Envoy and the verifiers. */
  readonly mtls: Mtls;

  constructor(
    parts: Pick<Cluster, "server" | "operator" | "verifier" | "envoy" | "upstream" | "port" | "mtls">,
  ) {
    this.server = parts.server;
    this.operator = parts.operator;
    this.verifier = parts.verifier;
    this.envoy = parts.envoy;
    this.upstream = parts.upstream;
    this.port = parts.port;
    this.mtls = parts.mtls;
  }

  /** One more verifier; it reaches the API server at `url`. */
  createVerifier(name: string, flags: readonly string[] = [], url?: string): Promise<VerifierProcess> {
    return createVerifier(this.server, name, [...this.mtls.verifierFlags, ...flags], url);
  }

  /** One more Envoy, before these verifiers. */
  startEnvoyFor(...verifiers: readonly VerifierProcess[]): Promise<EnvoyProcess> {
    const ports = verifiers.map(({ port }) => port);
    return startEnvoyFor(ports, this.upstream.port, this.mtls);
  }

  kubectl(...args: string[]): Promise<string> {
    return this.server.kubectl(args, { timeoutMs: 90_000 });
  }

  apply(...objects: object[]): Promise<string> {
    return this.server.apply(JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
  }

  /** As a pipeline waits: `kubectl wait --for=condition=Ready`. */
  ready(namespace: string, ...names: string[]): Promise<string> {
    return this.kubectl("wait", "-n", namespace, "--for=condition=Ready", "--timeout=60s", ...names);
  }

  /** The key pair in an Application's credentials Secret. */
  async credentials(namespace: string, application: string): Promise<Credentials> {
    const text = await this.kubectl(
      "get",
      "secret",
      "-n",
      namespace,
      `${application}-credentials`,
      "-o",
      "json",
    );
    return credentialsIn(JSON.parse(text).data);
  }

  call(call: Omit<Call, "port">): Promise<Answer> {
    return send({ ...call, port: this.port });
  }

  /** A team whose Application has been granted `/orders`, with its key pair and the call that it may make. */
  async granted(name: string) {
    const { namespace, host, domain, application, grant } = team(name);
    await this.apply(namespaceManifest(namespace));
    await this.apply(domain, application, grant);
    await this.ready(namespace, "application/mobile-app", "apigrant/partners");
    const credentials = await this.credentials(namespace, "mobile-app");
    return { namespace, host, credentials, grant, call: { host, path: "/orders", credentials } };
  }

  /** Repeats the call until it is answered so. */
  until(status: number, call: Omit<Call, "port">): Promise<Answer> {
    return eventually(
      async () => {
        const answer = await this.call(call);
        return answer.status === status && answer;
      },
      { timeoutMs: 60_000 },
    );
  }

  async stop(): Promise<void> {
    await this.envoy.stop();
    await this.operator.stop();
    await this.verifier.stop();
    await this.upstream.stop();
    await this.server.stop();
    await this.mtls.remove();
  }
}

/** A verifier process with a Pod of its own in the cluster; it reaches the API server at `url`. */
export async function createVerifier(
  server: ApiServer,
  name: string,
  flags: readonly string[] = [],
  url = server.url,
): Promise<VerifierProcess> {
  const pod = await server.createPod("countersign-system", name, "countersign-verifier");
  const kubeconfig = await server.kubeconfigFor("countersign-system", "countersign-verifier", pod, url);
  return new VerifierProcess(await reservePort(), kubeconfig, pod, flags);
}

/** Envoy with the configuration that `countersign envoy-config` prints; default: plaintext to the verifiers. */
export async function startEnvoyFor(
  verifiers: readonly number[],
  upstream: number,
  mtls?: Mtls,
): Promise<EnvoyProcess> {
  return await startEnvoy(
    await countersignOutput([
      ...["envoy-config", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--timeout", "5s"],
      ...["--upstream", `http://127.0.0.1:${upstream}`, "--max-request-bytes", "65536"],
      ...["--verifier", ...verifiers.map((port) => `127.0.0.1:${port}`)],
      ...(mtls?.envoyFlags ?? []),
    ]),
  );
}

/** How operator and verifier reach the API server, and how long a leader leads without renewing. */
export interface ClusterWays {
  readonly operator: string;
  readonly verifier: string;
  readonly leaderLease: string;
  readonly operatorFlags: readonly string[];
}

export async function startCluster(
  waysTo: (server: ApiServer) => Promise<Partial<ClusterWays>> = async () => ({}),
): Promise<Cluster> {
  const server = await startApiServer();
  const ways = await waysTo(server);
  await server.kubectl(["apply", "--server-side", "-k", "manifests"]);
  await server.crdsServed();
  const operatorPod = await server.createPod("countersign-system", "operator-0", "countersign-operator");
  const operator = new OperatorProcess(
    await server.kubeconfigFor("countersign-system", "countersign-operator", operatorPod, ways.operator),
    ways.leaderLease,
    ways.operatorFlags,
  );
  const mtls = await Mtls.create();
  const flags = [...mtls.verifierFlags, "--max-request-bytes", "65536"];
  const verifier = await createVerifier(server, "verifier-0", flags, ways.verifier);
  const upstream = await startUpstream();
  const envoy = await startEnvoyFor([verifier.port], upstream.port, mtls);
  await Promise.all([operator.start(), verifier.start()]);
  await verifier.ready();
  const port = await envoy.listenerPort("in");
  return new Cluster({ server, operator, verifier, envoy, upstream, port, mtls });
}
