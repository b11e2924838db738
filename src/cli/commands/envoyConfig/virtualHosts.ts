import type { ApiDomainSpec } from "../../../api/apiDomain.ts";
import { YamlDirectory } from "../../../store/files/directory.ts";
import type { FileProblem } from "../../../store/files/yaml/parsedFile.ts";
import { CliFailure } from "../../shared/failure.ts";
import { problemLine } from "../../shared/problemLine.ts";
import type { VirtualHost } from "./envoyOptions.ts";

/** Problems of these objects change nothing in Envoy's configuration; `standalone` reports them. */
const OTHER_KINDS = /^(Application|ApiGrant|HTTPRoute|Namespace|Secret) /;

/**
 * The virtual hosts of the ApiDomains in a directory of YAML whose environments have a path prefix. Throws CliFailure with all
 * problems when the directory, a file or an ApiDomain in it cannot be used: a configuration of only some domains would send
 * prefixed paths upstream.
 */
export async function readVirtualHosts(directory: string): Promise<readonly VirtualHost[]> {
  const read = await new YamlDirectory(directory, Date.now).read(() => undefined);
  if (!("objects" in read)) throw unusable([read]);
  const problems = read.problems.filter(({ field }) => !OTHER_KINDS.test(field));
  if (problems.length > 0) throw unusable(problems);
  const domains = [...read.objects.values()].filter(({ kind }) => kind === "ApiDomain");
  return domains
    .map(({ name, spec }) => virtualHost(name, spec as ApiDomainSpec))
    .filter((host) => host.pathPrefixes.some((prefix) => prefix !== "/"));
}

function virtualHost(name: string, { hosts, environments }: ApiDomainSpec): VirtualHost {
  return { name, hosts, pathPrefixes: environments.map(({ pathPrefix }) => pathPrefix) };
}

function unusable(problems: readonly FileProblem[]): CliFailure {
  return new CliFailure(`--resources cannot be used:\n  ${problems.map(problemLine).join("\n  ")}`);
}
