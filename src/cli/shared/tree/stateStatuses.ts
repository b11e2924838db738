import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ApiGrant } from "../../../api/apiGrant.ts";
import type { Application } from "../../../api/application.ts";
import { errorCode } from "../../../base/errorCode.ts";
import { field, isRecord, parseJson } from "../../../base/json.ts";
import { copyRecordFile, RecordFile } from "../../../store/files/state/recordFile.ts";
import { RECORDS } from "../../../store/files/state/stateDirectory.ts";
import { CliFailure, USAGE } from "../failure.ts";
import { withScratchFolder } from "../folders/scratchFolder.ts";

interface Judged {
  readonly applications: readonly Application[];
  readonly grants: readonly ApiGrant[];
}

/**
 * Objects of a directory with the statuses that `standalone` keeps in its state directory; the process may be running. An object
 * that declares a status keeps it. Without a state directory nothing is added. Throws CliFailure.
 */
export async function withStatuses<Tree extends Judged>(tree: Tree, stateDirectory: string): Promise<Tree> {
  const records = join(stateDirectory, RECORDS);
  if (!existsSync(records)) return tree;
  try {
    return await withScratchFolder(async (folder) => {
      copyRecordFile(records, join(folder, RECORDS));
      const statuses = readStatuses(join(folder, RECORDS));
      return {
        ...tree,
        applications: tree.applications.map((one) => withStatus("Application", one, statuses)),
        grants: tree.grants.map((one) => withStatus("ApiGrant", one, statuses)),
      };
    });
  } catch (error) {
    throw new CliFailure(
      `the state directory ${stateDirectory} cannot be read (${errorCode(error)}): check its permissions, or name another with --state-dir`,
      USAGE,
    );
  }
}

/** The statuses by the names of their records. */
function readStatuses(path: string): ReadonlyMap<string, unknown> {
  const file = new RecordFile(path, false);
  try {
    return new Map(
      [...file.of("objects")].map(([name, text]) => [name, field(parseJson(text), "status")] as const),
    );
  } finally {
    file.close();
  }
}

function withStatus<T extends Application | ApiGrant>(
  kind: T["kind"],
  object: T,
  statuses: ReadonlyMap<string, unknown>,
): T {
  const { namespace, name } = object.metadata;
  const status = statuses.get(`objects/${kind}/${namespace}/${name}`);
  return object.status === undefined && isRecord(status) ? { ...object, status } : object;
}
