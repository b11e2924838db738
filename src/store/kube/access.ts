import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { parse } from "yaml";
import { type Clock, systemClock } from "../../base/clock.ts";

/** Address, TLS and identity for an API server, as read from a kubeconfig. */
export interface Access {
  readonly server: URL;
  /** A proxy on the way to the server, as the kubeconfig's cluster names it. */
  readonly proxy: string | undefined;
  /** The name of the kubeconfig's context. */
  readonly context: string;
  /** The namespace that the context names; undefined if it names none. */
  readonly namespace: string | undefined;
  /** The present identity. Tokens, certificates and exec plugins may return another one the next time. */
  identify(): Promise<Identity>;
  /** The server rejected the identity: read the kubeconfig and its files again. */
  forget(): void;
}

export interface Identity {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsMaterial;
  /** Equal exactly when `tls` is. */
  readonly tlsKey: string;
}

type TlsMaterial = Pick<
  RequestOptions,
  "ca" | "cert" | "key" | "passphrase" | "rejectUnauthorized" | "servername"
>;

export interface AccessOptions {
  /** A kubeconfig file; default: KUBECONFIG, then the Pod's ServiceAccount, then ~/.kube/config. */
  readonly kubeconfig?: string | undefined;
  /** A context of it, instead of its current one. */
  readonly context?: string | undefined;
  readonly clock?: Clock;
}

const SERVICE_ACCOUNT_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";
/** Token files are read again after this time; the kubelet replaces them long before they expire. */
const IDENTITY_LIVES_MS = 10_000;

/** Reads the kubeconfig. Throws with a message for the user if it is missing or has no server. */
export function loadAccess(options: AccessOptions = {}): Access {
  return new KubeconfigAccess(options);
}

class KubeconfigAccess implements Access {
  readonly server: URL;
  readonly proxy: string | undefined;
  readonly context: string;
  readonly namespace: string | undefined;
  readonly #options: AccessOptions;
  #config: KubeConfig;
  #identity: { readonly until: number; readonly value: Promise<Identity> } | undefined;

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#config = loadConfig(options);
    const cluster = this.#config.getCurrentCluster();
    if (!cluster?.server)
      throw new Error(`the kubeconfig's context "${this.#config.currentContext}" names no cluster`);
    this.server = new URL(cluster.server);
    this.proxy = cluster.proxyUrl;
    this.context = this.#config.currentContext;
    this.namespace = this.#config.getContextObject(this.context)?.namespace;
    if (this.proxy?.startsWith("socks"))
      throw new Error("a SOCKS proxy-url in a kubeconfig is not supported");
  }

  identify(): Promise<Identity> {
    const now = (this.#options.clock ?? systemClock).monotonic();
    if (this.#identity && this.#identity.until > now) return this.#identity.value;
    const value = identityOf(this.#config);
    // A failure is not cached: the next request runs the plugin or reads the file again.
    value.catch(() => this.forget());
    this.#identity = { until: now + IDENTITY_LIVES_MS, value };
    return value;
  }

  forget(): void {
    this.#identity = undefined;
    try {
      this.#config = loadConfig(this.#options);
    } catch {
      // A file that is being replaced may be missing for a moment: keep the last content.
    }
  }
}

async function identityOf(config: KubeConfig): Promise<Identity> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, String(value).trim());
  if (options.auth) headers.set("Authorization", `Basic ${Buffer.from(options.auth).toString("base64")}`);
  const { ca, cert, key, passphrase, rejectUnauthorized, servername } = options;
  const given = Object.entries({ ca, cert, key, passphrase, rejectUnauthorized, servername });
  const tls = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  const tlsKey = createHash("sha256").update(JSON.stringify(tls)).digest("hex");
  return { headers: Object.fromEntries(headers), tls, tlsKey };
}

function loadConfig({ kubeconfig, context }: AccessOptions): KubeConfig {
  const config = loadDefault(kubeconfig, context !== undefined);
  if (context !== undefined) {
    if (!config.getContextObject(context)) throw new Error(`the kubeconfig has no context "${context}"`);
    config.setCurrentContext(context);
  }
  return config;
}

function loadDefault(kubeconfig: string | undefined, needsFile: boolean): KubeConfig {
  if (kubeconfig !== undefined) return loadFile(kubeconfig);
  const listed = (process.env.KUBECONFIG ?? "").split(delimiter).filter((file) => file !== "");
  if (listed.length > 0) return merged(listed.filter((file) => existsSync(file)).map(loadFile), listed);
  const config = new KubeConfig();
  if (!needsFile && process.env.KUBERNETES_SERVICE_HOST && existsSync(SERVICE_ACCOUNT_TOKEN)) {
    config.loadFromCluster();
    return config;
  }
  const file = join(homedir(), ".kube", "config");
  if (!existsSync(file))
    throw new Error("there is no kubeconfig: pass --kubeconfig, set KUBECONFIG, or run in a Pod");
  return loadFile(file);
}

function merged(configs: readonly KubeConfig[], files: readonly string[]): KubeConfig {
  const [first, ...others] = configs;
  if (!first) throw new Error(`KUBECONFIG names no file that exists: ${files.join(delimiter)}`);
  for (const other of others) first.mergeConfig(other, true);
  return first;
}

function loadFile(file: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(file);
  // client-node does not read the field tokenFile, which tools write for tokens that change.
  const users: unknown = parse(readFileSync(file, "utf8"))?.users;
  for (const entry of Array.isArray(users) ? users : []) {
    const user = config.getUser(String(entry?.name));
    const tokenFile: unknown = entry?.user?.tokenFile;
    if (user && typeof tokenFile === "string")
      Object.assign(user, {
        authProvider: { name: "tokenFile", config: { tokenFile: resolve(dirname(file), tokenFile) } },
      });
  }
  return config;
}
