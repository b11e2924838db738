import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { Option } from "commander";
import { publicKeyAlgorithmOf } from "../../../api/validation/publicKey.ts";
import { ALGORITHMS, SCHEME_ALGORITHMS, SCHEME_NAMES, type SchemeName } from "../../../api/vocabulary.ts";
import type { KeyPair } from "../../../signing/scheme.ts";
import { CliFailure, USAGE } from "../../shared/failure.ts";
import {
  type CredentialFlags,
  credentialOptions,
  readCredentials,
} from "../../shared/flags/credentialFlags.ts";
import { readInput } from "../../shared/readInput.ts";

/** What a request is signed with: a key pair, or a private key. */
export interface SigningKeyFlags extends CredentialFlags {
  readonly scheme: SchemeName;
  readonly algorithm?: string;
  readonly privateKeyFile?: string;
  readonly nonce?: string;
}

/** The options of these flags. */
export function keyOptions(): readonly Option[] {
  return [
    ...credentialOptions("ApiAppKey, or keyId of a public key"),
    new Option(
      "--private-key-file <file>",
      "private key in PEM, for HTTPMessageSignatures, with --key-id",
    ).conflicts(["credentials", "secretFile", "secretEnv"]),
    new Option("--scheme <name>", "signature scheme").choices(SCHEME_NAMES).default("Tencent"),
    new Option("--algorithm <name>", "algorithm (default: hmac-sha256, or that of the private key)").choices(
      ALGORITHMS,
    ),
    new Option(
      "--nonce <text>",
      "nonce to sign, for HTTPMessageSignatures; other schemes have a header for it",
    ),
  ];
}

/** Reads the key that the flags name. Throws CliFailure, with what to change, for one that the scheme does not use. */
export async function readSigningKey(flags: SigningKeyFlags): Promise<KeyPair> {
  const { scheme, privateKeyFile } = flags;
  if (flags.nonce !== undefined && scheme !== "HTTPMessageSignatures")
    throw new CliFailure(
      "--nonce needs --scheme HTTPMessageSignatures: of another scheme send a header, and sign it by --signed-header",
      USAGE,
    );
  if (privateKeyFile !== undefined) return await fromPrivateKey(privateKeyFile, flags);
  const algorithm = flags.algorithm ?? "hmac-sha256";
  if (!algorithm.startsWith("hmac-"))
    throw new CliFailure(`--algorithm ${algorithm} needs --private-key-file`, USAGE);
  if (!(SCHEME_ALGORITHMS[scheme] as readonly string[]).includes(algorithm))
    throw new CliFailure(
      `the scheme ${scheme} has no algorithm ${algorithm}: use one of ${SCHEME_ALGORITHMS[scheme].join(", ")}`,
      USAGE,
    );
  const { keyId, secret } = await readCredentials(flags);
  return { keyId, secret: secret.reveal(), algorithm };
}

async function fromPrivateKey(file: string, { scheme, keyId, algorithm }: SigningKeyFlags): Promise<KeyPair> {
  if (scheme !== "HTTPMessageSignatures")
    throw new CliFailure("--private-key-file needs --scheme HTTPMessageSignatures", USAGE);
  if (keyId === undefined) throw new CliFailure("--private-key-file needs --key-id", USAGE);
  const pem = await readInput(file);
  const own = publicKeyAlgorithmOf(createPublicKey(privateKeyIn(pem, file)));
  if (own === undefined) throw new CliFailure(`${file} has neither an Ed25519 key nor an EC key on P-256`);
  if (algorithm !== undefined && algorithm !== own)
    throw new CliFailure(`${file} has a key for ${own}: remove --algorithm ${algorithm}`, USAGE);
  return { keyId, secret: pem, algorithm: own };
}

/** The parser's message may quote the file. */
function privateKeyIn(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new CliFailure(`${file} is not a private key in PEM without a password`);
  }
}
