import { type AccessChange, accessChanges } from "../../../access/diff.ts";
import { comparedInstallations } from "../../../access/installations.ts";
import type { Tree } from "../../../access/tree.ts";
import type { ConsoleSource } from "../../../console/source.ts";
import type { CompareView } from "../../../console/view/access.ts";
import { CliFailure } from "../failure.ts";
import { overlapsReported } from "../tree/overlaps.ts";
import { readValidTree } from "../tree/validTree.ts";

/** A source that can also be compared with a directory of YAML, such as a checkout. */
export function withCompare(source: ConsoleSource, directory: string, signal: AbortSignal): ConsoleSource {
  return {
    about: source.about,
    objects: source.objects,
    gaps: () => source.gaps(),
    verifiers: () => source.verifiers(),
    explain: (asked) => source.explain(asked),
    compare: (tree) => compare(tree, directory, signal),
  };
}

async function compare(old: Tree, directory: string, signal: AbortSignal): Promise<CompareView> {
  try {
    const { tree } = await readValidTree([directory], signal);
    const next = withKnownIds(tree, old);
    const changes = comparedInstallations(old, next).flatMap(({ world }) => [
      ...overlapsReported<AccessChange>(() => accessChanges(world, Date.now())),
    ]);
    return { directory, changes };
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    return { directory, changes: [], problem: error.message };
  }
}

/** Files do not have the ids that grants of other namespaces name: an Application keeps the one that it has. */
function withKnownIds(tree: Tree, old: Tree): Tree {
  const ids = new Map(
    old.applications.map(({ metadata, status }) => [
      `${metadata.namespace}/${metadata.name}`,
      status?.applicationId,
    ]),
  );
  const applications = tree.applications.map((one) => {
    const applicationId =
      one.status?.applicationId ?? ids.get(`${one.metadata.namespace}/${one.metadata.name}`);
    return applicationId === undefined ? one : { ...one, status: { ...one.status, applicationId } };
  });
  return { ...tree, applications: applications as Tree["applications"] };
}
