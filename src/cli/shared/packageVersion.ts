import manifest from "../../../package.json" with { type: "json" };

/** The package's version. It is part of the bundle, which needs no other file. */
export function packageVersion(): string {
  return manifest.version;
}
