import { isRecord } from "../../../base/json.ts";
import type { JsonNode } from "../../json/jsonNode.ts";

/** What the path of a file, or the call around a response, states about the response; undefined for what is missing there. */
export interface Placement {
  readonly group: string | undefined;
  readonly api: string | undefined;
  readonly application: string | undefined;
  /** In lower case, as environments are named here. */
  readonly environment: string | undefined;
  /** The path without the number of a page: pages of one list share it. */
  readonly series: string;
}

/** Ids of groups and APIs. */
const HEX_ID = /^[0-9a-f]{32}$/;
const APPLICATION = /^\d{4,19}$/;
/** RELEASE, PRE and TEST, and stages of the user's own. */
const STAGE = /^[A-Z][A-Z0-9]{1,9}$/;

/**
 * Reads group, API, application and stage from the folders of a file, such as `groups/GROUP/apis/API/RELEASE/apps-0001.json`:
 * several responses do not have them. Parameters of a call around the response count more.
 */
export function placementOf({ source, value }: JsonNode): Placement {
  const folders = source.file.split("/").slice(0, -1);
  const [group, api] = folders.filter((one) => HEX_ID.test(one)).slice(-2);
  const parameters = parametersOf(value);
  const text = (key: string) => {
    const given = parameters[key];
    return typeof given === "string" || typeof given === "number" ? String(given) : undefined;
  };
  // Folders above that of the group are the user's own, and may look like a stage.
  const below = folders.slice(folders.findLastIndex((one) => HEX_ID.test(one)) + 1);
  const stage = text("StageName") ?? (group === undefined ? undefined : below.find((one) => STAGE.test(one)));
  return {
    group: text("GroupId") ?? group,
    api: text("ApiId") ?? api,
    application: text("AppId") ?? applicationOf(folders),
    environment: stage?.toLowerCase(),
    series: source.file.replace(/\.[a-z]+$/i, "").replace(/[-_.]?\d+$/, ""),
  };
}

/** A folder in `apps`: elsewhere a number may be a date. */
function applicationOf(folders: readonly string[]): string | undefined {
  return folders.findLast((one, index) => folders[index - 1] === "apps" && APPLICATION.test(one));
}

const CALL_KEYS = ["Params", "Parameters", "Request"] as const;

function parametersOf(value: unknown): Readonly<Record<string, unknown>> {
  const found = isRecord(value) ? CALL_KEYS.map((key) => value[key]).find(isRecord) : undefined;
  return found ?? {};
}
