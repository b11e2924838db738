import { readFile } from "node:fs/promises";
import { Option } from "commander";
import { isApiAppKey, secretFault } from "../../../api/keyPair.ts";
import { CREDENTIAL_KEYS } from "../../../api/names.ts";
import { Secret } from "../../../api/secret.ts";
import { errorCode } from "../../../base/errorCode.ts";
import { field, text } from "../../../base/json.ts";
import { parseYamlFile } from "../../../store/files/yaml/yamlFile.ts";
import { CliFailure, USAGE } from "../failure.ts";
import { readInput } from "../readInput.ts";

export interface CredentialFlags {
  readonly credentials?: string;
  readonly keyId?: string;
  readonly secretFile?: string;
  readonly secretEnv?: string;
}

/** The options of these flags. The ways to name a key pair exclude each other. */
export function credentialOptions(keyDescription: string): readonly Option[] {
  return [
    new Option(
      "--credentials <file>",
      "credentials Secret (YAML or JSON) with the key pair; - is standard input",
    ).conflicts(["keyId", "secretFile", "secretEnv"]),
    new Option("--key-id <key>", keyDescription),
    new Option("--secret-file <file>", "file with the ApiAppSecret").conflicts("secretEnv"),
    new Option("--secret-env <name>", "environment variable with the ApiAppSecret"),
  ];
}

export interface KeyPair {
  readonly keyId: string;
  readonly secret: Secret;
}

/** Reads the key pair that the flags name: from a credentials Secret, or a key with its secret in a file or an environment variable. */
export async function readCredentials(flags: CredentialFlags): Promise<KeyPair> {
  const { credentials, keyId, secretFile, secretEnv } = flags;
  if (credentials !== undefined) return fromManifest(await readInput(credentials), credentials);
  if (keyId === undefined)
    throw new CliFailure("give --credentials FILE, or --key-id with --secret-file or --secret-env", USAGE);
  if (!/^[!-~]+$/.test(keyId) || keyId.includes('"'))
    throw new CliFailure("--key-id contains characters that no ApiAppKey has", USAGE);
  if (secretFile !== undefined)
    return { keyId, secret: usable((await fileText(secretFile)).trimEnd(), secretFile) };
  if (secretEnv !== undefined)
    return { keyId, secret: usable(process.env[secretEnv] ?? "", `environment variable ${secretEnv}`) };
  throw new CliFailure("--key-id needs --secret-file FILE or --secret-env NAME", USAGE);
}

/** Reads a Secret's manifest, YAML or JSON, with `data` or `stringData`; also a List with one Secret in it. */
export function fromManifest(manifest: string, from: string): KeyPair {
  const object = objectIn(manifest, from);
  const value = (key: string) => {
    const plain = field(object, "stringData", key);
    if (plain !== undefined) return text(plain);
    return Buffer.from(text(field(object, "data", key)), "base64").toString("utf8");
  };
  const [keyId, secret] = [value(CREDENTIAL_KEYS.key), value(CREDENTIAL_KEYS.secret)];
  if (keyId === "" || secret === "")
    throw new CliFailure(`${from} holds no Secret with ${CREDENTIAL_KEYS.key} and ${CREDENTIAL_KEYS.secret}`);
  if (!isApiAppKey(keyId))
    throw new CliFailure(
      `${from}: ${CREDENTIAL_KEYS.key} must be 1 to 64 letters, digits, '_' and '-', without a line end`,
    );
  return { keyId, secret: usable(secret, from) };
}

/** The one object of a manifest. The manifest is a secret, and a parser's message may quote it, so an error names only the line. */
function objectIn(manifest: string, from: string): unknown {
  const { objects, problems } = parseYamlFile(from, manifest);
  const [problem] = problems;
  if (problem) throw new CliFailure(`${from} is not valid YAML of a Secret (line ${problem.line})`);
  return objects.length === 1 ? objects[0]?.value : undefined;
}

/** Checks a secret as the operator checks an imported one: with any other text every signature would mismatch. */
function usable(secret: string, from: string): Secret {
  if (secret === "") throw new CliFailure(`${from} contains no secret`);
  const fault = secretFault(secret);
  if (fault !== undefined) throw new CliFailure(`${from}: the ${CREDENTIAL_KEYS.secret} ${fault}`);
  return Secret.of(secret);
}

async function fileText(file: string): Promise<string> {
  return await readFile(file, "utf8").catch((error: unknown) => {
    throw new CliFailure(`${file} cannot be read (${errorCode(error)})`);
  });
}
