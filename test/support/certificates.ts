import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { removeFolder, temporaryFolder } from "./temporaryFolder.ts";

const KEYS = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const MINUTE = 60_000;

/** A certificate with its key, both PEM. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

export interface Issue {
  /** DNS names; what holds `://` is a URI. */
  readonly names?: readonly string[];
  /** IP addresses. */
  readonly ips?: readonly string[];
  readonly commonName?: string;
  /** Milliseconds from now; default: one day. */
  readonly endsIn?: number;
  /** Milliseconds from now; default: one minute ago. */
  readonly beginsIn?: number;
}

/** A certificate authority that lives as long as the test. */
export class Authority {
  readonly #keys: webcrypto.CryptoKeyPair;
  readonly #certificate: X509Certificate;

  private constructor(keys: webcrypto.CryptoKeyPair, certificate: X509Certificate) {
    this.#keys = keys;
    this.#certificate = certificate;
  }

  static async create(name = "test authority"): Promise<Authority> {
    const keys = await newKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      ...validity({}),
      signingAlgorithm: KEYS,
      keys,
      extensions: [new BasicConstraintsExtension(true, undefined, true)],
    });
    return new Authority(keys, certificate);
  }

  /** Its own certificate, PEM. */
  get certificate(): string {
    return this.#certificate.toString("pem");
  }

  async issue(issue: Issue): Promise<Pair> {
    const keys = await newKeys();
    const names = [
      ...(issue.names ?? []).map((value) => ({
        type: value.includes("://") ? ("url" as const) : ("dns" as const),
        value,
      })),
      ...(issue.ips ?? []).map((value) => ({ type: "ip" as const, value })),
    ];
    const certificate = await X509CertificateGenerator.create({
      subject: `CN=${issue.commonName ?? "test"}`,
      issuer: this.#certificate.subject,
      ...validity(issue),
      signingAlgorithm: KEYS,
      publicKey: keys.publicKey,
      signingKey: this.#keys.privateKey,
      extensions: [
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth, ExtendedKeyUsage.serverAuth]),
        ...(names.length > 0 ? [new SubjectAlternativeNameExtension(names)] : []),
      ],
    });
    return { certificate: certificate.toString("pem"), key: await pem(keys.privateKey) };
  }
}

/** What a folder of certificates holds. */
export interface Content extends Pair {
  readonly authorities: readonly string[];
}

/**
 * A folder as Kubernetes mounts a Secret: tls.crt, tls.key and ca.crt are links through `..data`, which is replaced by
 * rename, so that all three change at once.
 */
export class SecretFolder {
  readonly path: string;
  #version = 0;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(content: Content): Promise<SecretFolder> {
    const folder = new SecretFolder(await temporaryFolder("tls"));
    await folder.replace(content);
    for (const name of ["tls.crt", "tls.key", "ca.crt"])
      await symlink(`..data/${name}`, join(folder.path, name));
    return folder;
  }

  async replace({ certificate, key, authorities }: Content): Promise<void> {
    const version = `..version-${++this.#version}`;
    await mkdir(join(this.path, version));
    const files = { "tls.crt": certificate, "tls.key": key, "ca.crt": authorities.join("\n") };
    for (const [name, text] of Object.entries(files))
      await writeFile(join(this.path, version, name), text, { mode: 0o600 });
    await symlink(version, join(this.path, "..data-new"));
    await rename(join(this.path, "..data-new"), join(this.path, "..data"));
    await rm(join(this.path, `..version-${this.#version - 1}`), { recursive: true, force: true });
  }

  async remove(): Promise<void> {
    await removeFolder(this.path);
  }
}

const newKeys = () => webcrypto.subtle.generateKey(KEYS, true, ["sign", "verify"]);

function validity({ endsIn = 24 * 60 * MINUTE, beginsIn = -MINUTE }: Issue) {
  return { notBefore: new Date(Date.now() + beginsIn), notAfter: new Date(Date.now() + endsIn) };
}

async function pem(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join("\n")}\n-----END PRIVATE KEY-----\n`;
}
