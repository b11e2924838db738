import { ReleaseFailure } from "./command.ts";

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly externalReferences?: readonly { readonly type: string }[];
}

/** The part of a CycloneDX document, as `npm sbom` prints it, that is looked at or changed here. */
interface Bom {
  readonly serialNumber?: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** What of package.json the list depends on. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * The list of the program's packages from what `npm sbom` prints of all packages: those in `dependencies` of package.json, and all that
 * they need. `npm sbom --omit dev` cannot be used: it leaves out what a development dependency needs as well (36 of 128 packages with
 * npm 11.19.1, `@grpc/grpc-js` among them). Same input, same text: `time` replaces the time of the run, and the random serial number is
 * left out, as are download addresses and the name of the checkout's folder. Throws ReleaseFailure if a dependency is not in the list.
 */
export function programSbom(printed: string, { name, version, dependencies }: Manifest, time: Date): string {
  const { serialNumber: _, ...bom }: Bom = JSON.parse(printed);
  const root = `${name}@${version}`;
  const edges = new Map(bom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const direct = (edges.get(root) ?? []).filter((ref) => nameOf(ref) in dependencies);
  const missing = Object.keys(dependencies).filter((wanted) => !direct.some((ref) => nameOf(ref) === wanted));
  if (missing.length > 0)
    throw new ReleaseFailure(`npm sbom lists no ${missing.join(", ")}: run npm ci, then try again`);
  const kept = reachedFrom(direct, edges);
  return `${JSON.stringify(
    {
      ...bom,
      metadata: {
        ...bom.metadata,
        timestamp: time.toISOString(),
        component: { ...bom.metadata.component, "bom-ref": root, name },
      },
      components: bom.components.filter((component) => kept.has(component["bom-ref"])).map(withoutDownloads),
      dependencies: bom.dependencies
        .filter(({ ref }) => ref === root || kept.has(ref))
        .map((entry) => (entry.ref === root ? { ...entry, dependsOn: direct } : entry)),
    },
    undefined,
    2,
  )}\n`;
}

/** `@scope/name` of `@scope/name@1.2.3`. */
function nameOf(ref: string): string {
  return ref.slice(0, ref.lastIndexOf("@"));
}

function reachedFrom(
  start: readonly string[],
  edges: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const reached = new Set(start);
  // A Set yields what is added while it is read.
  for (const ref of reached) for (const next of edges.get(ref) ?? []) reached.add(next);
  return reached;
}

/** A lockfile that records download addresses makes npm list them as references of the type `distribution`. */
function withoutDownloads(component: Component): Component {
  const { externalReferences = [] } = component;
  return {
    ...component,
    externalReferences: externalReferences.filter(({ type }) => type !== "distribution"),
  };
}
