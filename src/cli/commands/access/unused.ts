import { type UnusedThings, type UsedObjects, type UsedThing, unusedOf } from "../../../access/unused.ts";
import { classOf } from "../../../api/class.ts";
import { objectKey } from "../../../api/names.ts";
import { CliFailure, USAGE } from "../../shared/failure.ts";
import { writeOutput } from "../../shared/output.ts";
import type { AccessFlags } from "./accessFlags.ts";
import { unusedText } from "./unusedText.ts";

const REMEDY =
  "start operator and verifiers with --last-use (lastUse.enabled of the chart), or standalone with --last-use";

/**
 * `access --unused`: prints which keys and grants were not used. Throws CliFailure if last use is recorded for none of the
 * objects: then an empty list would mean nothing.
 */
export async function printUnused(
  objects: UsedObjects,
  flags: AccessFlags & { readonly unused: number },
  now: number,
): Promise<void> {
  const chosen = chosenOf(objects, flags);
  const found = unusedOf(chosen, flags.unused, now);
  const missing = found.undecided.filter(({ recordedSince }) => recordedSince === undefined);
  const all = [...chosen.applications, ...chosen.grants];
  if (missing.length > 0 && all.every(({ status }) => status?.useRecordedSince === undefined))
    throw new CliFailure(`last use is not recorded, so nothing is known to be unused: ${REMEDY}`, USAGE);
  await writeOutput(unusedText(found, flags.output));
  for (const note of notesOf(found, missing)) process.stderr.write(`countersign: ${note}\n`);
}

function notesOf({ undecided }: UnusedThings, missing: readonly UsedThing[]): readonly string[] {
  const young = undecided.length - missing.length;
  const recorded = "is not recorded for that long yet; it is not listed";
  return [
    ...(young > 0 ? [`the last use of ${young} more ${recorded} (-o json has them under undecided)`] : []),
    ...(missing.length > 0 ? [`the last use of ${missing.length} more is not recorded: ${REMEDY}`] : []),
  ];
}

/** With --application, its keys alone. */
function chosenOf({ applications, grants }: UsedObjects, flags: AccessFlags): UsedObjects {
  const { application: wanted, class: className } = flags;
  const isOurs = (object: object) => className === undefined || classOf(object) === className;
  const ours = applications.filter(isOurs);
  if (wanted === undefined) return { applications: ours, grants: grants.filter(isOurs) };
  const named = ours.filter(({ metadata: { namespace, name }, status }) =>
    [objectKey(namespace, name), name, status?.applicationId].includes(wanted),
  );
  return { applications: named, grants: [] };
}
