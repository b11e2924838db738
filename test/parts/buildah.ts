import { PartMissing, run } from "./cache.ts";
import { findDebianProgram } from "./debianPackages.ts";

/** The path of buildah: PATH, else installed from Debian's packages. Throws PartMissing. */
export function findBuildah(): Promise<string> {
  return findDebianProgram("buildah", "buildah");
}

/** The path of systemd-analyze, which checks units without a running systemd. Throws PartMissing. */
export function findSystemdAnalyze(): Promise<string> {
  return findDebianProgram("systemd-analyze", "systemd");
}

/** The image tests change root and mount, as a container runtime does. Throws PartMissing. */
export async function findRoot(): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new PartMissing("The image can be built and run by root only: run it with sudo.");
}

/** A place where images are built and kept without a daemon. */
export class ImageStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Runs buildah to its end; returns its output, trimmed. */
  async buildah(...args: readonly string[]): Promise<string> {
    const folders = ["--root", `${this.#folder}/images`, "--runroot", `${this.#folder}/run`];
    return (await run(await findBuildah(), ["--storage-driver", "vfs", ...folders, ...args])).trim();
  }

  /** Builds the Dockerfile of a folder. */
  async build(name: string, folder: string, ...args: readonly string[]): Promise<void> {
    await this.buildah("bud", "--isolation", "chroot", "--quiet", ...args, "--tag", name, folder);
  }
}
