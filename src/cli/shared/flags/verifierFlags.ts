import { Option } from "commander";
import type { LogLevel } from "../../../observe/logger.ts";
import { TRANSPORTS, type TransportName } from "../../../verifier/transport/transport.ts";
import { bytesOption, durationOption, logOption, metricsOption, tcpAddress } from "./optionValues.ts";
import { type TlsFlags, tlsClientNameOption, tlsDirOption } from "./tlsFlags.ts";

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
      "the gRPC server on that port: http2 is Node's own HTTP/2; grpc-js takes more CPU time",
    )
      .choices(TRANSPORTS)
      .env("COUNTERSIGN_TRANSPORT")
      .default(TRANSPORTS[0]),
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

function listenAddress(text: string): string {
  return /^unix:\/./.test(text) ? text : tcpAddress(text);
}
