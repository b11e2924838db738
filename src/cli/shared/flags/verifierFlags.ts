import { Option } from "commander";
import type { LogLevel } from "../../../observe/logger.ts";
import { TRANSPORTS, type TransportName } from "../../../verifier/transport/transport.ts";
import { bytesOption, durationOption, logOption, metricsOption, tcpAddress } from "./optionValues.ts";
import { type TlsFlags, tlsClientNameOption, tlsDirOption } from "./tlsFlags.ts";

/** The flags of the commands that run a verifier. */
export interface VerifierFlags extends TlsFlags {
  readonly listen: string;
  readonly metricsListen: string;
  readonly transport: TransportName;
  readonly maxRequestBytes: number;
  readonly keepAuthorization?: boolean;
  readonly shadow?: boolean;
  /** Milliseconds. */
  readonly drain: number;
  readonly logLevel: string;
  readonly errorDetail: "full" | "code-only";
}

/** The defaults of these flags, which differ between the commands. */
export interface VerifierDefaults {
  readonly host: string;
  /** A duration such as `5s`. */
  readonly drain: string;
  readonly logLevel: LogLevel;
}

/** The options of these flags. */
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
      "with --tls-dir: after this time a client has to reconnect, and its certificate is verified again",
      "1h",
    ),
    metricsOption(host),
    bytesOption("--max-request-bytes <n>", "largest body; give Envoy the same value", 16_777_216),
    new Option("--keep-authorization", "forward the caller's Authorization header to the upstream"),
    new Option(
      "--shadow",
      "allow every request that is decided, and only report the decision; the verifier protects nothing",
    ),
    new Option("--error-detail <detail>", "what callers get for an error: the full message, or only the code")
      .choices(["full", "code-only"])
      .default("full"),
    durationOption("--drain <duration>", "how long to report NOT_SERVING before the port closes", drain),
    logOption(logLevel),
  ];
}

function listenAddress(text: string): string {
  return /^unix:\/./.test(text) ? text : tcpAddress(text);
}
