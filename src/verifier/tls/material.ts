import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { Secret } from "../../api/secret.ts";
import { errorCode } from "../../base/errorCode.ts";
import { namesIn } from "./names.ts";

/** The files of a folder, named as Kubernetes and cert-manager name the keys of a `kubernetes.io/tls` Secret. */
export const FILES = { certificate: "tls.crt", key: "tls.key", authorities: "ca.crt" } as const;

/** What lies in the folder at one moment. */
export interface Files {
  readonly certificate: string;
  readonly key: Secret;
  readonly authorities: string;
}

/** Files that belong together and can be used. Times are epoch milliseconds. */
export interface Material extends Files {
  /** When the first certificate of tls.crt ends. */
  readonly certificateExpiry: number;
  /** When the last authority of ca.crt ends: while authorities are exchanged, an old one may end earlier. */
  readonly authoritiesExpiry: number;
  /** What the certificate is for, for the log. */
  readonly names: readonly string[];
}

export type Examined =
  | { readonly ok: true; readonly material: Material }
  | { readonly ok: false; readonly problem: string };

/** Certificates that cannot be used; the message names the file and the remedy, and holds no secret. */
export class TlsProblem extends Error {
  override readonly name = "TlsProblem";
}

/** Reads the three files. Throws TlsProblem for the first that cannot be read: one after the other, so that the message is always the same. */
export async function readFiles(folder: string): Promise<Files> {
  const certificate = await readText(folder, FILES.certificate);
  const key = await readText(folder, FILES.key);
  const authorities = await readText(folder, FILES.authorities);
  return { certificate, key: Secret.of(key), authorities };
}

async function readText(folder: string, name: string): Promise<string> {
  try {
    return await readFile(join(folder, name), "utf8");
  } catch (error) {
    throw new TlsProblem(
      `${join(folder, name)} cannot be read (${errorCode(error)}): the folder must hold tls.crt, tls.key and ca.crt, readable for this process`,
    );
  }
}

/** Names the content of files, so that two readings can be compared without keeping a key. */
export function fingerprint({ certificate, key, authorities }: Files): string {
  const hash = createHash("sha256");
  for (const text of [certificate, key.reveal(), authorities]) hash.update(`${text.length}:${text}`);
  return hash.digest("hex");
}

/** Whether the files can be used together at `now` (epoch milliseconds); `folder` is for the words of a problem. */
export function examine(files: Files, folder: string, now: number): Examined {
  try {
    const chain = certificatesIn(files.certificate, join(folder, FILES.certificate));
    const authorities = certificatesIn(files.authorities, join(folder, FILES.authorities));
    refuseWrongTime(chain, join(folder, FILES.certificate), now);
    refuseForeignKey(chain[0] as X509Certificate, files, folder);
    createSecureContext({ cert: files.certificate, key: files.key.reveal(), ca: files.authorities });
    return { ok: true, material: material(files, chain, authorities) };
  } catch (error) {
    if (error instanceof TlsProblem) return { ok: false, problem: error.message };
    const reason = error instanceof Error ? error.message : "unknown error";
    return { ok: false, problem: `the files of ${folder} cannot be used (${reason}): issue new ones` };
  }
}

function material(
  files: Files,
  chain: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
): Material {
  return {
    ...files,
    certificateExpiry: Math.min(...chain.map(expiryOf)),
    authoritiesExpiry: Math.max(...authorities.map(expiryOf)),
    names: namesIn(chain[0]?.subjectAltName),
  };
}

function certificatesIn(text: string, path: string): readonly X509Certificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new TlsProblem(`${path} holds no certificate: write it in PEM`);
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch {
      throw new TlsProblem(`certificate ${index + 1} of ${path} is broken: write it again, whole`);
    }
  });
}

function refuseWrongTime(chain: readonly X509Certificate[], path: string, now: number): void {
  for (const certificate of chain) {
    if (expiryOf(certificate) <= now)
      throw new TlsProblem(`${path} ended on ${certificate.validTo}: renew the certificate`);
    if (Date.parse(certificate.validFrom) > now)
      throw new TlsProblem(`${path} begins on ${certificate.validFrom}: wait, or set this machine's clock`);
  }
}

function refuseForeignKey(certificate: X509Certificate, files: Files, folder: string): void {
  const path = join(folder, FILES.key);
  if (!certificate.checkPrivateKey(privateKey(files.key, path)))
    throw new TlsProblem(
      `${path} does not belong to ${join(folder, FILES.certificate)}: write the two files of one issue`,
    );
}

function privateKey(key: Secret, path: string) {
  try {
    return createPrivateKey(key.reveal());
  } catch {
    throw new TlsProblem(
      `${path} holds no private key that can be read: write it in PEM, without a passphrase`,
    );
  }
}

function expiryOf(certificate: X509Certificate): number {
  return Date.parse(certificate.validTo);
}
