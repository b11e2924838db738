import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Secret } from "../../api/secret.ts";
import { Allowance } from "../../base/allowance.ts";
import { systemClock } from "../../base/clock.ts";
import { errorCode } from "../../base/errorCode.ts";
import { type Logger, reasonOf } from "../../observe/logger.ts";
import { MemoryNonces } from "../../verifier/nonces/memoryNonces.ts";
import type { NonceStore } from "../../verifier/nonces/nonceStore.ts";
import { RedisConnection } from "../../verifier/nonces/redis/connection.ts";
import { endpointText, type RedisEndpoint } from "../../verifier/nonces/redis/endpoint.ts";
import { RedisNonces } from "../../verifier/nonces/redis/redisNonces.ts";
import type { RedisCredentials } from "../../verifier/nonces/redis/session.ts";
import { CliFailure, USAGE } from "./failure.ts";
import { type NonceFlags, PASSWORD_VARIABLE } from "./flags/nonceFlags.ts";

/** Errors that the server replies with are logged this often. */
const ERRORS_PER_SECOND = 0.1;

/** The nonce store that the flags name, not started yet. Throws CliFailure for credentials that cannot be read. */
export async function openNonces(flags: NonceFlags, logger: Logger): Promise<NonceStore> {
  const { nonceStore: endpoint, nonceStoreTimeout: timeoutMs } = flags;
  if (endpoint === "memory") return new MemoryNonces(() => systemClock.monotonic());
  await readCredentials(endpoint, flags).catch((error: unknown) => {
    throw error instanceof CredentialProblem ? new CliFailure(error.message, USAGE) : error;
  });
  // Loaded by verifiers with a server alone.
  const { openSession } = await import("../../verifier/nonces/redis/session.ts");
  const connection = new RedisConnection({
    open: async () => openSession(endpoint, await readCredentials(endpoint, flags)),
    clock: systemClock,
    random: Math.random,
    onChange: changeLog(endpoint, logger),
  });
  const errors = new Allowance(ERRORS_PER_SECOND);
  const onError = (error: Error) => {
    if (errors.take(systemClock.wall()))
      logger.warn({ reason: reasonOf(error) }, "the nonce store could not check a nonce");
  };
  return new RedisNonces(connection, { timeoutMs, onError });
}

/** Logs when the store is lost and found, and no further failed attempt above level debug. */
function changeLog(endpoint: RedisEndpoint, logger: Logger): (problem: Error | undefined) => void {
  const store = endpointText(endpoint);
  let isLost = false;
  return (problem) => {
    if (!problem) logger.info({ store }, "connected to the nonce store");
    else if (isLost) logger.debug({ store, reason: reasonOf(problem) }, "no connection to the nonce store");
    else
      logger.warn(
        { store, reason: reasonOf(problem) },
        "no connection to the nonce store: nonces are not checked; where replay protection is Required, requests with a nonce are denied",
      );
    isLost = problem !== undefined;
  };
}

/** A file of the credentials cannot be read; the message names it and the remedy. */
class CredentialProblem extends Error {
  override readonly name = "CredentialProblem";
}

async function readCredentials({ isTls }: RedisEndpoint, flags: NonceFlags): Promise<RedisCredentials> {
  const { nonceStorePasswordFile: file, nonceStoreTlsDir: folder } = flags;
  const text = file === undefined ? process.env[PASSWORD_VARIABLE] : await read(file);
  const password = text === undefined ? {} : { password: Secret.of(text.replace(/\r?\n$/, "")) };
  if (!isTls || folder === undefined) return password;
  const [authorities, certificate, key] = await Promise.all([
    read(join(folder, "ca.crt")),
    readIfThere(join(folder, "tls.crt")),
    readIfThere(join(folder, "tls.key")),
  ]);
  const tls = { authorities, certificate, key: key === undefined ? undefined : Secret.of(key) };
  return { ...password, tls };
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw unreadable(file, error);
  }
}

async function read(file: string): Promise<string> {
  const text = await readIfThere(file);
  if (text === undefined) throw unreadable(file, { code: "ENOENT" });
  return text;
}

function unreadable(file: string, error: unknown): CredentialProblem {
  return new CredentialProblem(
    `${file} cannot be read (${errorCode(error)}): the verifier needs it for --nonce-store; create it, readable for this process`,
  );
}
