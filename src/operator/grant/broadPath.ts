import type { ApiGrantSpec } from "../../api/apiGrant.ts";
import { breadthOf } from "../../policy/broadPath.ts";
import { type ConditionDraft, listed } from "../conditions/conditionDraft.ts";

/** A condition's message has at most 32,768 characters: this many paths of the greatest length fit. */
const MAX_PATHS = 20;

/** BroadPath: the paths of a grant that match by characters, or whose variables span segments. It does not affect Ready. */
export function broadPath({ apis }: ApiGrantSpec): readonly ConditionDraft[] {
  const paths = apis.flatMap((api) => (api.paths ?? []).map(breadthOf));
  const broad = [...new Set(paths.filter((one) => one !== undefined))];
  if (broad.length === 0) return [];
  const message = `Not by whole segments: ${listed(broad, MAX_PATHS)}. Write type Exact, Template or PathPrefix where callers need no more than that`;
  return [{ type: "BroadPath", status: "True", reason: "NotBySegments", message }];
}
