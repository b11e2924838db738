import { InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../../api/duration.ts";
import { DEFAULT_DATA_NAMESPACE, DEFAULT_SYSTEM_NAMESPACE } from "../../api/names.ts";
import { parseAddress } from "../../base/address.ts";
import { LOG_LEVELS, type LogLevel } from "../../observe/logger.ts";
import { TRANSPORTS, type TransportName } from "../../verifier/transport/transport.ts";
import { type TlsFlags, tlsClientNameOption, tlsDirOption } from "./tls.ts";

/** What the commands that answer Envoy have in common. */
export interface VerifierFlags extends TlsFlags {
  readonly listen: string;
  readonly metricsListen: string;
  readonly transport: TransportName;
  readonly maxRequestBytes: number;
  readonly keepAuthorization?: boolean;
  /** Milliseconds. */
  readonly drain: number;
  readonly logLevel: string;
  readonly errorDetail: "full" | "code-only";
}

/** What differs between the commands that answer Envoy: the defaults of their common options. */
export interface VerifierDefaults {
  readonly host: string;
  /** A duration such as `5s`. */
  readonly drain: string;
  readonly logLevel: LogLevel;
}

/** The options of those commands. */
export function verifierOptions({ host, drain, logLevel }: VerifierDefaults): readonly Option[] {
  return [
    new Option("--listen <address>", "gRPC port for Envoy: host:port, or unix:/path")
      .argParser(listenAddress)
      .default(`${host}:9001`),
    new Option(
      "--transport <library>",
      "what speaks gRPC on that port: http2 (Node's own) takes less CPU time",
    )
      .choices(TRANSPORTS)
      .env("COUNTERSIGN_TRANSPORT")
      .default("grpc-js"),
    tlsDirOption(),
    tlsClientNameOption(),
    durationOption(
      "--tls-max-connection-age <duration>",
      "with --tls-dir: when a client has to connect, and show its certificate, again",
      "1h",
    ),
    metricsOption(host),
    bytesOption("--max-request-bytes <n>", "largest body; give Envoy the same value", 16_777_216),
    new Option("--keep-authorization", "hand the caller's Authorization header on to the upstream"),
    new Option("--error-detail <detail>", "what an error tells the caller: the whole message, or its code")
      .choices(["full", "code-only"])
      .default("full"),
    durationOption("--drain <duration>", "how long NOT_SERVING is told before the port closes", drain),
    logOption(logLevel),
  ];
}

export function metricsOption(host: string): Option {
  return new Option("--metrics-listen <host:port>", "HTTP port for /metrics, /healthz and /readyz")
    .argParser(tcpAddress)
    .default(`${host}:9090`);
}

export function logOption(level: LogLevel): Option {
  return new Option("--log-level <level>", "JSON lines on standard error").choices(LOG_LEVELS).default(level);
}

export function bytesOption(flags: string, description: string, value: number): Option {
  return new Option(flags, description).argParser(bytes).default(value);
}

/** The value is milliseconds. */
export function durationOption(flags: string, description: string, text: string): Option {
  return new Option(flags, description).argParser(duration).default(duration(text), text);
}

/** How to reach the API server, and which namespaces are ours. */
export interface ClusterFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly dataNamespace: string;
}

export function clusterOptions(): readonly Option[] {
  return [
    new Option(
      "--kubeconfig <file>",
      "default: KUBECONFIG, then the Pod's ServiceAccount, then ~/.kube/config",
    ),
    new Option("--context <name>", "a context of the kubeconfig instead of its current one"),
    new Option("--data-namespace <name>", "namespace of the projections and verifier Leases").default(
      DEFAULT_DATA_NAMESPACE,
    ),
  ];
}

export function classOption(): Option {
  return new Option(
    "--class <name>",
    "see only objects whose spec.className is this; without it, only those that have none",
  ).default("", "none");
}

export function systemNamespaceOption(): Option {
  return new Option("--system-namespace <name>", "namespace of the operator's leader Lease").default(
    DEFAULT_SYSTEM_NAMESPACE,
  );
}

function bytes(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1 || value > 2 ** 31)
    throw new InvalidArgumentError("Write a number of bytes, for example 16777216.");
  return value;
}

function duration(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    throw new InvalidArgumentError("Write a duration in h, m and s, for example 1h or 90s.");
  }
}

function tcpAddress(text: string): string {
  if (!parseAddress(text))
    throw new InvalidArgumentError("Write host:port, for example 127.0.0.1:9090 or [::1]:9090.");
  return text.startsWith(":") ? `0.0.0.0${text}` : text;
}

function listenAddress(text: string): string {
  return /^unix:\/./.test(text) ? text : tcpAddress(text);
}
