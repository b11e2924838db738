/** The files of a release. npm and Helm would both call theirs countersign-<version>.tgz. */
export interface FileNames {
  readonly package: string;
  readonly chart: string;
  readonly sbom: string;
  readonly sums: string;
}

/** What the files of a version are called. */
export function namesOf(version: string): FileNames {
  return {
    package: `countersign-${version}.tgz`,
    chart: `countersign-chart-${version}.tgz`,
    sbom: `countersign-${version}.cdx.json`,
    sums: "SHA256SUMS",
  };
}

/** The folder beside them in which they are made; an interrupted run leaves it, and the next one removes it. */
export const UNFINISHED = ".making";
