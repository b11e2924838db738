import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { VirtualHost } from "./options.ts";

/**
 * The virtual hosts of the ApiDomains in a directory of YAML, those only whose environments have a path prefix to cut.
 * Throws with file and reason when the directory or a file in it cannot be read: a configuration made from half of the
 * domains would send prefixed paths upstream.
 */
export async function readVirtualHosts(directory: string): Promise<readonly VirtualHost[]> {
  const names = (await readdir(directory)).filter((name) => /\.(ya?ml|json)$/.test(name)).toSorted();
  const found = await Promise.all(names.map((name) => readDomains(join(directory, name))));
  return found.flat().filter((host) => host.pathPrefixes.some((prefix) => prefix !== "/"));
}

async function readDomains(file: string): Promise<readonly VirtualHost[]> {
  const documents = parseAllDocuments(await readFile(file, "utf8"), { version: "1.1", uniqueKeys: true });
  return [...documents].flatMap((document) => {
    const problem = document.errors?.[0];
    if (problem) throw new Error(`${file}: ${problem.message}`);
    return virtualHost(document.toJS());
  });
}

function virtualHost(object: unknown): readonly VirtualHost[] {
  if (!isRecord(object) || object.kind !== "ApiDomain" || !isRecord(object.spec)) return [];
  const name = isRecord(object.metadata) ? String(object.metadata.name) : "";
  const environments = list(object.spec.environments).filter(isRecord);
  return [
    {
      name,
      hosts: list(object.spec.hosts).map(String),
      pathPrefixes: environments.map((environment) => String(environment.pathPrefix)),
    },
  ];
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
