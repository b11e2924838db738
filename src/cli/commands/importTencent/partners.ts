import { parse } from "yaml";
import { isRecord } from "../../../base/json.ts";
import type { Partner } from "../../../import/plan/options.ts";
import { CliFailure, USAGE } from "../../shared/failure.ts";

const ID = /^app-[a-z0-9]{8}$/;
const EXAMPLE =
  "write lines such as app-e9uvw53e: app-k3v9x0q2, with the id at the vendor before the colon and the applicationId here behind it";

/** Reads a mapping file of `--partners`: applicationIds, or maps of applicationId and namespace, by ids of the vendor's. Throws CliFailure. */
export function readPartners(text: string, file: string): ReadonlyMap<string, Partner> {
  const value = parsed(text, file);
  if (value === null || value === undefined) return new Map();
  if (!isRecord(value)) throw new CliFailure(`${file}: ${EXAMPLE}`, USAGE);
  return new Map(
    Object.entries(value).map(([id, entry]) => [checkedId(id, file), partnerOf(id, entry, file)]),
  );
}

function parsed(text: string, file: string): unknown {
  try {
    return parse(text, { uniqueKeys: true, maxAliasCount: 0 });
  } catch {
    throw new CliFailure(`${file} is not valid YAML: ${EXAMPLE}`, USAGE);
  }
}

function checkedId(id: string, file: string): string {
  if (!ID.test(id))
    throw new CliFailure(`${file}: ${JSON.stringify(id)} is no id of an application: ${EXAMPLE}`, USAGE);
  return id;
}

function partnerOf(id: string, entry: unknown, file: string): Partner {
  const { applicationId, namespace, ...rest } = isRecord(entry) ? entry : { applicationId: entry };
  const isNamespace =
    namespace === undefined ||
    (typeof namespace === "string" && /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace));
  if (
    typeof applicationId !== "string" ||
    !ID.test(applicationId) ||
    !isNamespace ||
    Object.keys(rest).length > 0
  )
    throw new CliFailure(
      `${file}: ${id}: ${EXAMPLE}, or {applicationId: app-k3v9x0q2, namespace: team-partner}`,
      USAGE,
    );
  return typeof namespace === "string" ? { applicationId, namespace } : { applicationId };
}
