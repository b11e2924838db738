import manifest from "../../../package.json" with { type: "json" };

/** The version of the package. It is part of the bundle, which does not read package.json. */
export function packageVersion(): string {
  return manifest.version;
}
