import { InvalidArgumentError, Option } from "commander";
import { systemClock } from "../../../base/clock.ts";
import { CertificateFolder } from "../../../verifier/tls/certificateFolder.ts";
import { TlsProblem } from "../../../verifier/tls/material.ts";
import { ANY_CLIENT } from "../../../verifier/tls/names.ts";
import type { TlsOptions } from "../../../verifier/tls/port.ts";
import { CliFailure, USAGE } from "../failure.ts";
import { repeatable } from "./optionValues.ts";

/** The flags for TLS on the gRPC port. */
export interface TlsFlags {
  readonly tlsDir?: string;
  readonly tlsClientName?: readonly string[];
  /** Milliseconds. */
  readonly tlsMaxConnectionAge: number;
}

/** Envoy checks health each second, and stops using a verifier after two failures in a row (seen with an age of 1 s). */
const MIN_CONNECTION_AGE_MS = 4_000;

export const TLS_HELP = `
mTLS with Envoy: a client needs a certificate that ca.crt has issued for an allowed name:
  --tls-dir /etc/countersign/tls --tls-client-name envoy.example.internal
The folder contains tls.crt, tls.key and ca.crt, like a mounted cert-manager Secret. When they change, new connections use
the new files, without a restart. Files that cannot be used are rejected and logged. \`countersign envoy-config
--verifier-tls-dir\` writes Envoy's side.
`;

export function tlsClientNameOption(): Option {
  return new Option(
    "--tls-client-name <name>",
    "with --tls-dir: DNS name or URI (SAN) of a client that may connect; repeatable; '*' for every client of ca.crt",
  ).argParser(repeatable(clientName));
}

export function tlsDirOption(): Option {
  return new Option(
    "--tls-dir <folder>",
    "folder with tls.crt, tls.key and ca.crt: the gRPC port accepts mTLS only (default: plaintext)",
  );
}

function clientName(text: string): string {
  if (text === ANY_CLIENT) return text;
  if (text === "" || text.includes("*") || /[\s,"]/.test(text))
    throw new InvalidArgumentError(
      "Write a whole name, for example envoy.example.internal or spiffe://example.internal/envoy, or '*' for any.",
    );
  return text.includes("://") ? text : text.toLowerCase();
}

/** Opens the certificate folder that the flags name; undefined for plaintext. Throws CliFailure with the remedy. */
export async function openTls(flags: TlsFlags): Promise<TlsOptions | undefined> {
  const names = flags.tlsClientName ?? [];
  if (flags.tlsDir === undefined) {
    if (names.length > 0)
      throw new CliFailure(
        "--tls-client-name needs --tls-dir: it names the clients that may connect by mTLS",
        USAGE,
      );
    return undefined;
  }
  if (names.length === 0)
    throw new CliFailure(
      "--tls-dir needs --tls-client-name, a DNS name or URI of the clients' certificates: without it no client could connect ('*' allows every client of ca.crt)",
      USAGE,
    );
  if (flags.tlsMaxConnectionAge < MIN_CONNECTION_AGE_MS)
    throw new CliFailure(
      "--tls-max-connection-age is too short: each reconnect may fail a health check; write at least 4s",
      USAGE,
    );
  try {
    const folder = await CertificateFolder.open(flags.tlsDir, systemClock);
    return { folder, clientNames: names, maxConnectionAgeMs: flags.tlsMaxConnectionAge };
  } catch (error) {
    throw error instanceof TlsProblem ? new CliFailure(error.message, USAGE) : error;
  }
}
