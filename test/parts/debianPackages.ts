import { findProgram, PartMissing, pathFolders, run, say } from "./cache.ts";

/** The path of a program of a Debian package: PATH, else installed. Throws PartMissing. */
export async function findDebianProgram(name: string, debian: string): Promise<string> {
  const found = () => findProgram(name, pathFolders());
  return found() ?? (await installDebian(debian).then(() => found() ?? ""));
}

/** Installs Debian packages. Throws PartMissing. */
export async function installDebian(...packages: readonly string[]): Promise<void> {
  const names = packages.join(" ");
  say(`${names}: installing from Debian …`);
  try {
    await run("apt-get", ["update", "-qq"]);
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages]);
  } catch (error) {
    const remedy = `${names} was not found and could not be installed: run apt-get install ${names} as root.`;
    throw new PartMissing(remedy, { cause: error });
  }
}
