/** What the path of a file states about the response in it; undefined for what is missing there. */
export interface Placement {
  readonly service: string | undefined;
  readonly application: string | undefined;
  readonly api: string | undefined;
  /** A host name as the file's name, without `.json`. */
  readonly host: string | undefined;
  /** The path without the number of a page: pages of one list share it. */
  readonly series: string;
}

const HOST = /^(?:[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/;

/**
 * Reads service, application, API and domain from a file's path, such as `export/service-d6ncf10e/mappings/api.example.com.json`:
 * several responses do not name their service or domain.
 */
export function placementOf(file: string): Placement {
  const name = file.slice(file.lastIndexOf("/") + 1).replace(/\.(?:json|txt)$/i, "");
  const host = name.toLowerCase();
  return {
    service: lastId(file, "service"),
    application: lastId(file, "app"),
    api: lastId(file, "api"),
    host: HOST.test(host) ? host : undefined,
    series: file.replace(/\.[a-z]+$/i, "").replace(/[-_.]?\d+$/, ""),
  };
}

/** The last id of this kind in a path. */
function lastId(file: string, prefix: string): string | undefined {
  return [...file.matchAll(new RegExp(`(?<![a-z0-9])${prefix}-[a-z0-9]{8}(?![a-z0-9])`, "g"))].at(-1)?.[0];
}

/** A placement with the parameters of the call, where a wrapper holds them: they count more than the path. */
export function withParameters(place: Placement, parameters: Readonly<Record<string, unknown>>): Placement {
  const text = (key: string) => {
    const value = parameters[key];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  return {
    ...place,
    service: text("ServiceId") ?? place.service,
    application: text("ApiAppId") ?? place.application,
    api: text("ApiId") ?? place.api,
    host: text("SubDomain")?.toLowerCase() ?? place.host,
  };
}
