import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { MetricSamples } from "../../src/doctor/verifier/metricSamples.ts";
import { type Answer, type Call, type Credentials, send } from "./caller.ts";
import type { Program } from "./childProcess.ts";
import { countersign, startEnvoyFor } from "./cluster.ts";
import type { EnvoyProcess } from "./envoyProcess.ts";
import { eventually } from "./events.ts";
import { reservePort } from "./ports.ts";
import { temporaryFolder } from "./temporaryFolder.ts";
import { startUpstream, type Upstream } from "./upstream.ts";

/** A request without where it is sent. */
export type Sent = Omit<Call, "port" | "host">;

/** `standalone` over a directory, behind a real Envoy. */
export class Stage {
  readonly #folder: string;
  readonly standalone: Program;
  readonly envoy: EnvoyProcess;
  readonly upstream: Upstream;
  readonly #port: number;
  readonly #host: string;

  private constructor(
    parts: Pick<Stage, "standalone" | "envoy" | "upstream">,
    at: { readonly folder: string; readonly host: string; readonly port: number },
  ) {
    this.#folder = at.folder;
    this.#host = at.host;
    this.standalone = parts.standalone;
    this.envoy = parts.envoy;
    this.upstream = parts.upstream;
    this.#port = at.port;
  }

  /** `objects` are files of the directory, by name without extension; `host` is the host of all calls. */
  static async start(
    host: string,
    flags: readonly string[],
    objects: Readonly<Record<string, object>>,
  ): Promise<Stage> {
    const folder = await temporaryFolder("stage");
    await mkdir(join(folder, "yaml"));
    for (const [name, object] of Object.entries(objects)) await writeObjects(folder, name, [object]);
    const verifierPort = await reservePort();
    const listen = ["--listen", `127.0.0.1:${verifierPort}`, "--metrics-listen", "127.0.0.1:0"];
    const standalone = countersign(["standalone", "yaml", ...listen, ...flags], {}, folder);
    await standalone.waitFor(/^ready +gRPC/m, 30_000);
    const upstream = await startUpstream();
    const envoy = await startEnvoyFor([verifierPort], upstream.port);
    const stage = new Stage(
      { standalone, envoy, upstream },
      { folder, host, port: await envoy.listenerPort("in") },
    );
    await eventually(async () => (await stage.call({ path: "/" })).status !== 503);
    return stage;
  }

  write(name: string, ...objects: object[]): Promise<void> {
    return writeObjects(this.#folder, name, objects);
  }

  call(sent: Sent): Promise<Answer> {
    return send({ host: this.#host, ...sent, port: this.#port });
  }

  /** The headers that the upstream saw of a request; throws if it was denied. */
  async seenByUpstream(sent: Sent): Promise<Readonly<Record<string, string>>> {
    const { status, body } = await this.call(sent);
    if (status !== 200) throw new Error(`the request was answered ${status}: ${body}`);
    return JSON.parse(body).headers;
  }

  /** The key pair of an Application. */
  async credentials(namespace: string, name: string): Promise<Credentials> {
    const file = join(this.#folder, ".countersign/credentials", namespace, `${name}-credentials.yaml`);
    return await eventually(async () => {
      const text = await readFile(file, "utf8").catch(() => "");
      const [key, secret] = ["ApiAppKey", "ApiAppSecret"].map(
        (field) => new RegExp(`${field}: (\\S+)`).exec(text)?.[1],
      );
      return key !== undefined && secret !== undefined && { key, secret };
    });
  }

  get metricsUrl(): string {
    return `http://${/metrics (127\.0\.0\.1:\d+)/.exec(this.standalone.output)?.[1]}`;
  }

  /** One scrape. */
  async metrics(): Promise<MetricSamples> {
    return MetricSamples.of(await (await fetch(`${this.metricsUrl}/metrics`)).text());
  }

  /** Envoy's line in the access log for a request, which is written up to ten seconds later. */
  async logged(requestId: string): Promise<Readonly<Record<string, unknown>>> {
    return await eventually(() => {
      const lines = this.envoy.output.split("\n");
      const line = lines.find((one) => one.includes(requestId) && one.endsWith("}"));
      return line === undefined ? undefined : JSON.parse(line);
    });
  }

  /** The exit status of a command in the folder of the directory `yaml`, and its standard output. */
  async command(...args: string[]): Promise<readonly [status: number | string, stdout: string]> {
    const program = countersign(args, {}, this.#folder);
    return [await program.ended, program.stdout];
  }

  /** The exit status of `countersign doctor` on this verifier, and its report. */
  async doctor(...flags: string[]): Promise<readonly [status: number | string, report: string]> {
    const program = countersign(["doctor", "--verifier", this.metricsUrl, ...flags]);
    return [await program.ended, program.output];
  }

  async stop(): Promise<void> {
    await this.standalone.stop();
    await this.envoy.stop();
    await this.upstream.stop();
  }
}

function writeObjects(folder: string, name: string, objects: readonly object[]): Promise<void> {
  const text = objects.map((object) => stringify(object)).join("---\n");
  return writeFile(join(folder, "yaml", `${name}.yaml`), text);
}
