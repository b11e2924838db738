import { existsSync } from "node:fs";
import { readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { CACHE, cached, PartMissing, run, say } from "./cache.ts";

/** What Node loads. */
const PACKAGES = ["libc6", "libgcc-s1", "libstdc++6"];

/**
 * A folder with the C libraries of this machine's Debian, in place: with a `node`, the least that the Dockerfile's BASE
 * can be. The official base image cannot be pulled in every network; Debian's packages can. Throws PartMissing.
 */
export async function findLibraries(): Promise<string> {
  const file = await cached("debian-libraries", "root/usr", unpack);
  return join(file, "..");
}

async function unpack(folder: string): Promise<void> {
  say(`C libraries for an image: fetching Debian's packages ${PACKAGES.join(", ")} into ${CACHE} …`);
  try {
    await run("apt-get", ["download", "-qq", ...PACKAGES], { cwd: folder });
    for (const name of await readdir(folder)) await run("dpkg-deb", ["-x", name, "root"], { cwd: folder });
    for (const name of ["lib", "lib64"]) {
      if (!existsSync(join(folder, "root", name))) await symlink(`usr/${name}`, join(folder, "root", name));
    }
  } catch (error) {
    const remedy =
      "The C libraries for an image could not be fetched: run it on Debian, as root, with apt-get update done.";
    throw new PartMissing(remedy, { cause: error });
  }
}
