import { findProgram, PartMissing, pathFolders, run, say } from "./cache.ts";

/** The path of buildah: PATH, else installed from Debian's packages. Throws PartMissing. */
export function findBuildah(): Promise<string> {
  return findDebianProgram("buildah", "buildah");
}

/** The path of systemd-analyze, which checks units without a running systemd. Throws PartMissing. */
export function findSystemdAnalyze(): Promise<string> {
  return findDebianProgram("systemd-analyze", "systemd");
}

async function findDebianProgram(name: string, debian: string): Promise<string> {
  const found = () => findProgram(name, pathFolders());
  return found() ?? (await install(debian).then(() => found() ?? ""));
}

async function install(debian: string): Promise<void> {
  say(`${debian}: installing the Debian package …`);
  try {
    await run("apt-get", ["update", "-qq"]);
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", debian]);
  } catch (error) {
    const remedy = `${debian} was not found and could not be installed: run apt-get install ${debian} as root.`;
    throw new PartMissing(remedy, { cause: error });
  }
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
