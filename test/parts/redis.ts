import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CACHE, cached, findProgram, PartMissing, pathFolders, run, say } from "./cache.ts";

/** Debian's packages of the server, and of the libraries that its other packages do not bring. */
const PACKAGES = [
  ...["redis-server", "redis-tools", "libatomic1", "libjemalloc2", "liblua5.1-0", "liblzf1"],
  ...["lua-bitop", "lua-cjson"],
];

/** The path of a Valkey or Redis server: PATH, then the cache, filled from Debian's packages once. Throws PartMissing. */
export async function findRedis(): Promise<string> {
  const installed = findProgram("valkey-server", pathFolders()) ?? findProgram("redis-server", pathFolders());
  return installed ?? (await cached("redis-debian", "redis-server", unpack));
}

/** Unpacked and not installed: an installed package would start a server of its own. */
async function unpack(folder: string): Promise<void> {
  say(`redis-server: fetching Debian's packages into ${CACHE} …`);
  try {
    const packages = join(folder, "packages");
    await mkdir(packages);
    const download = () => run("apt-get", ["download", "-qq", ...PACKAGES], { cwd: packages });
    await download().catch(() => run("apt-get", ["update", "-qq"]).then(download));
    for (const name of await readdir(packages))
      await run("dpkg-deb", ["-x", join(packages, name), join(folder, "root")]);
    await writeFile(join(folder, "redis-server"), START);
    await chmod(join(folder, "redis-server"), 0o755);
    await run(join(folder, "redis-server"), ["--version"]);
  } catch (error) {
    throw new PartMissing(
      "redis-server was not found and could not be fetched: run on Debian with apt-get update done, or put a valkey-server or redis-server on PATH.",
      { cause: error },
    );
  }
}

/** Finds the server and its libraries beside itself. */
const START = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")/root/usr
LD_LIBRARY_PATH=$(echo "$here"/lib/*-linux-gnu) exec "$here/bin/redis-server" "$@"
`;
