import { parse } from "yaml";
import { isRecord } from "../../../base/json.ts";
import type { Gateway } from "../../../import/gateway/gateway.ts";
import type { Partner } from "../../../import/plan/options.ts";
import { CliFailure, USAGE } from "../../shared/failure.ts";

const APPLICATION_ID = /^app-[a-z0-9]{8}$/;

/** Reads a mapping file of `--partners`: applicationIds, or maps of applicationId and namespace, by ids of the vendor's. Throws CliFailure. */
export function readPartners(
  text: string,
  file: string,
  { rules, words }: Pick<Gateway, "rules" | "words">,
): ReadonlyMap<string, Partner> {
  const example = `write lines such as ${words.applicationId}: app-k3v9x0q2, with the id at the vendor before the colon and the applicationId here behind it`;
  const fail = (text: string) => new CliFailure(`${file}${text}: ${example}`, USAGE);
  const value = parsed(text, fail);
  if (value === null || value === undefined) return new Map();
  if (!isRecord(value)) throw fail("");
  return new Map(
    Object.entries(value).map(([id, entry]) => {
      if (!rules.applicationId.test(id)) throw fail(`: ${JSON.stringify(id)} is no id of an application`);
      return [id, partnerOf(id, entry, fail)];
    }),
  );
}

type Fail = (text: string) => CliFailure;

function parsed(text: string, fail: Fail): unknown {
  try {
    return parse(text, { uniqueKeys: true, maxAliasCount: 0 });
  } catch {
    throw fail(" is not valid YAML");
  }
}

function partnerOf(id: string, entry: unknown, fail: Fail): Partner {
  const { applicationId, namespace, ...rest } = isRecord(entry) ? entry : { applicationId: entry };
  const isNamespace =
    namespace === undefined ||
    (typeof namespace === "string" && /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace));
  if (
    typeof applicationId !== "string" ||
    !APPLICATION_ID.test(applicationId) ||
    !isNamespace ||
    Object.keys(rest).length > 0
  )
    throw fail(`: ${id}: it may also be {applicationId: app-k3v9x0q2, namespace: team-partner}`);
  return typeof namespace === "string" ? { applicationId, namespace } : { applicationId };
}
