import { EPOCH } from "../../base/timestamp.ts";
import { GrantEntry } from "../../policy/index/grantEntry.ts";
import { PathTable } from "../../policy/index/paths/pathTable.ts";
import type { GrantedPath } from "../../projection/documents.ts";
import { pathOf } from "../world.ts";

/** Finds the most specific of some granted paths for a path, by the order that verifiers use. */
export class PathLabels {
  readonly #table = new PathTable();

  constructor(paths: Iterable<GrantedPath>) {
    for (const path of paths)
      this.#table.add(path, NO_GRANT, { name: "", hosts: [], paths: [path], methods: [] });
  }

  of(path: string): GrantedPath | undefined {
    const match = this.#table.match(path, () => true);
    for (const grants of match?.owners ?? []) for (const [, [api]] of grants) if (api) return pathOf(api);
    return undefined;
  }
}

/** A table of paths has them of grants. */
const NO_GRANT = new GrantEntry({
  ...{ kind: "ApiGrant", uid: "", namespace: "", name: "", createdAt: EPOCH, tombstone: false },
  ...{ namespaceLabels: {}, environment: "", apis: [], applications: [], suspended: false },
});
