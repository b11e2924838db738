import { InvalidArgumentError, Option } from "commander";
import { parseEndpoint, type RedisEndpoint } from "../../../verifier/nonces/redis/endpoint.ts";
import { durationOption } from "./optionValues.ts";

/** The flags of a verifier about its nonce store. */
export interface NonceFlags {
  readonly nonceStore: "memory" | RedisEndpoint;
  readonly nonceStorePasswordFile?: string;
  readonly nonceStoreTlsDir?: string;
  /** Milliseconds. */
  readonly nonceStoreTimeout: number;
}

/** The environment variable with the password, for where no file can be mounted. */
export const PASSWORD_VARIABLE = "COUNTERSIGN_NONCE_STORE_PASSWORD";

export const NONCE_HELP = `
Replay protection with several verifiers needs a nonce store that they share, a Valkey or Redis server:
  --nonce-store rediss://countersign@valkey.example.internal:6379 --nonce-store-password-file /etc/countersign/nonce-store/password
  --nonce-store-tls-dir /etc/countersign/nonce-store
The password may also be in ${PASSWORD_VARIABLE}. Password and certificates are read at each connection.
`;

/** The options of these flags. */
export function nonceOptions(): readonly Option[] {
  return [
    new Option(
      "--nonce-store <store>",
      "where nonces are remembered for replay protection: memory (this process alone), or redis://[user@]host[:port][/database], or rediss:// for TLS",
    )
      .argParser(nonceStore)
      .default("memory"),
    new Option("--nonce-store-password-file <file>", "file with the password for --nonce-store"),
    new Option(
      "--nonce-store-tls-dir <folder>",
      "for rediss://: folder with ca.crt (default: the authorities of Node), and with tls.crt and tls.key if the server wants a client certificate",
    ),
    durationOption(
      "--nonce-store-timeout <duration>",
      "how long to wait for the nonce store: then Required denies the request, and WhenSent allows it",
      "10ms",
    ),
  ];
}

function nonceStore(text: string): "memory" | RedisEndpoint {
  if (text === "memory") return text;
  const parsed = parseEndpoint(text);
  if (!parsed.ok) throw new InvalidArgumentError(parsed.remedy);
  return parsed.endpoint;
}
