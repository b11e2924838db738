import { join } from "node:path";
import { Authority, SecretFolder } from "./certificates.ts";

export const VERIFIER_NAME = "verifier.test";
export const ENVOY_NAME = "envoy.test";

/** mTLS between Envoy and verifiers as it is set up by default: an authority, and a mounted Secret on either side. */
export class Mtls {
  readonly authority: Authority;
  readonly verifier: SecretFolder;
  readonly envoy: SecretFolder;

  private constructor(authority: Authority, verifier: SecretFolder, envoy: SecretFolder) {
    this.authority = authority;
    this.verifier = verifier;
    this.envoy = envoy;
  }

  /** `envoyName` is in Envoy's certificate; verifiers let only ENVOY_NAME in. */
  static async create(authority?: Authority, envoyName = ENVOY_NAME): Promise<Mtls> {
    const issuer = authority ?? (await Authority.create());
    const folder = async (name: string) =>
      SecretFolder.create({
        ...(await issuer.issue({ names: [name] })),
        authorities: [issuer.certificate],
      });
    return new Mtls(issuer, await folder(VERIFIER_NAME), await folder(envoyName));
  }

  get verifierFlags(): readonly string[] {
    return ["--tls-dir", this.verifier.path, "--tls-client-name", ENVOY_NAME];
  }

  get envoyFlags(): readonly string[] {
    const { path } = this.envoy;
    return ["--verifier-tls-dir", path, "--verifier-tls-name", VERIFIER_NAME, "--sds-dir", join(path, "sds")];
  }

  async remove(): Promise<void> {
    await this.verifier.remove();
    await this.envoy.remove();
  }
}
