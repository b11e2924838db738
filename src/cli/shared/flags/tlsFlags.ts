import { InvalidArgumentError, Option } from "commander";
import { systemClock } from "../../../base/clock.ts";
import { CertificateFolder } from "../../../verifier/tls/certificateFolder.ts";
import { TlsProblem } from "../../../verifier/tls/material.ts";
import { ANY_CLIENT } from "../../../verifier/tls/names.ts";
import type { TlsOptions } from "../../../verifier/tls/port.ts";
import { CliFailure, USAGE } from "../failure.ts";
import { repeatable } from "./optionValues.ts";

/** How the gRPC port is protected. */
export interface TlsFlags {
  readonly tlsDir?: string;
  readonly tlsClientName?: readonly string[];
  /** Milliseconds. */
  readonly tlsMaxConnectionAge: number;
}

/** Envoy asks for health each second, and two checks in a row that fail take a verifier out (seen with 1 s). */
const MIN_CONNECTION_AGE_MS = 4_000;

export const TLS_HELP = `
mTLS with Envoy: clients connect with a certificate of ca.crt that carries an allowed name, or not at all:
  --tls-dir /etc/countersign/tls --tls-client-name envoy.example.internal
The folder holds tls.crt, tls.key and ca.crt, as a mounted cert-manager Secret does. When they change, new connections use
the new ones, without a restart; what cannot be used is refused and logged. \`countersign envoy-config --verifier-tls-dir\`
writes Envoy's side.
`;

export function tlsClientNameOption(): Option {
  return new Option(
    "--tls-client-name <name>",
    "with --tls-dir: DNS name or URI (SAN) of a client that may ask; repeatable; '*' for every client of ca.crt",
  ).argParser(repeatable(clientName));
}

export function tlsDirOption(): Option {
  return new Option(
    "--tls-dir <folder>",
    "folder of tls.crt, tls.key and ca.crt: the gRPC port speaks mTLS only (default: plaintext)",
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

/** What the flags ask for, with the certificates read; undefined for plaintext. Throws CliFailure with the remedy. */
export async function openTls(flags: TlsFlags): Promise<TlsOptions | undefined> {
  const names = flags.tlsClientName ?? [];
  if (flags.tlsDir === undefined) {
    if (names.length > 0)
      throw new CliFailure("--tls-client-name says who may connect by mTLS: add --tls-dir", USAGE);
    return undefined;
  }
  if (names.length === 0)
    throw new CliFailure(
      "--tls-dir needs --tls-client-name, a DNS name or URI of the clients' certificates: without it nobody could connect ('*' lets every client of ca.crt)",
      USAGE,
    );
  if (flags.tlsMaxConnectionAge < MIN_CONNECTION_AGE_MS)
    throw new CliFailure(
      "--tls-max-connection-age is too short: the end of a connection may cost a health check; write at least 4s",
      USAGE,
    );
  try {
    const folder = await CertificateFolder.open(flags.tlsDir, systemClock);
    return { folder, clientNames: names, maxConnectionAgeMs: flags.tlsMaxConnectionAge };
  } catch (error) {
    throw error instanceof TlsProblem ? new CliFailure(error.message, USAGE) : error;
  }
}
