import { join } from "node:path";
import { RecordFile } from "../../src/store/files/state/recordFile.ts";
import { RECORDS } from "../../src/store/files/state/stateDirectory.ts";

/** Changes a record of a state directory that no store has open; undefined removes it. */
export function changeRecord(
  stateDirectory: string,
  name: string,
  change: (text: string) => string | undefined,
): void {
  const records = new RecordFile(join(stateDirectory, RECORDS));
  const folder = name.slice(0, name.indexOf("/"));
  records.apply(new Map([[name, change(new Map(records.of(folder)).get(name) ?? "")]]));
  records.close();
}
