/** A request that a key may sign. */
export interface Call {
  readonly host: string;
  readonly path: string;
}

export type Verdict = "allowed" | "401" | "403";

export interface Application {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** The id that partners receive; not known before it was read. */
  readonly applicationId?: string;
  readonly suspended: boolean;
  readonly tier: string;
  /** As the spec lists them now. */
  readonly revokedKeys: readonly string[];
  /** The id of the pair that it imports, unless its pairs are generated. */
  readonly imported?: string | undefined;
  /** How often a rotation was asked for. */
  readonly rotations: number;
  /** Whether the next key that is seen has to be a new one. */
  readonly isKeyDue: boolean;
}

export type Subject =
  | { readonly name: string }
  | { readonly tier: string }
  | { readonly applicationId: string; readonly namespace?: string };

export interface Grant {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly environment: string;
  readonly hosts: readonly string[];
  readonly path: { readonly type: "PathPrefix" | "Exact" | "TencentPath"; readonly value: string };
  readonly subjects: readonly Subject[];
  readonly suspended: boolean;
  readonly enforcement: "Enforce" | "Shadow";
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

export interface Domain {
  readonly name: string;
  readonly uid: string;
  readonly createdAt: string;
  readonly hosts: readonly string[];
  readonly namespaces: readonly string[];
  readonly environments: readonly { readonly name: string; readonly pathPrefix: string }[];
}

/** A key pair that was readable once. */
export interface Key {
  readonly id: string;
  readonly secret: string;
  /** UID of its Application. */
  readonly owner: string;
  /** From then on it is refused, in epoch milliseconds; infinity for the one that is readable now. */
  readonly retiresAt: number;
  readonly isRevoked: boolean;
}

/**
 * Who may call what, in its simplest form: the objects as people declared them, and every key that was ever readable. It shares no
 * code with the product and keeps nothing but what was declared; time is a parameter.
 */
export class World {
  /** Objects by their place in the model, which is the same in every run. */
  readonly applications = new Map<string, Application>();
  readonly grants = new Map<string, Grant>();
  readonly domains = new Map<string, Domain>();
  readonly keys = new Map<string, Key>();
  /** Ids of the pairs that were there to import. */
  readonly pairs = new Set<string>();
  /** Every applicationId ever seen, with the UID of its Application. */
  readonly ids = new Map<string, string>();

  ownerOf(key: Key): Application | undefined {
    return [...this.applications.values()].find(({ uid }) => uid === key.owner);
  }

  /** By namespace and name. */
  hasGrant(key: string): boolean {
    return [...this.grants.values()].some(({ namespace, name }) => `${namespace}/${name}` === key);
  }

  get hasShadowGrant(): boolean {
    return [...this.grants.values()].some(({ enforcement }) => enforcement === "Shadow");
  }

  /** Whether it imports a pair that was revoked for it: that one never comes back. */
  importsRevoked({ imported }: Application): boolean {
    return imported !== undefined && this.keys.get(imported)?.isRevoked === true;
  }

  keysOf(application: Application): readonly Key[] {
    return [...this.keys.values()].filter(({ owner }) => owner === application.uid);
  }

  verdict(key: Key, call: Call, now: number): Verdict {
    const enforced = this.#claiming(call, "Enforce");
    const shadowed = enforced.length === 0 ? this.#claiming(call, "Shadow") : [];
    if (shadowed.some((grant) => isInForce(grant, now))) return "allowed";
    const caller = this.ownerOf(key);
    if (!caller || key.isRevoked || isRetired(key, caller, now)) return "401";
    if (caller.suspended) return "403";
    const admits = (grant: Grant) =>
      isInForce(grant, now) && grant.subjects.some((one) => means(one, grant, caller));
    return enforced.some(admits) ? "allowed" : "403";
  }

  /** The grants of that enforcement whose path is the most specific one for the call, among those that may name its host. */
  #claiming({ host, path }: Call, enforcement: Grant["enforcement"]): readonly Grant[] {
    const domain = this.#domainOf(host);
    const place = domain && placeOf(domain, path);
    if (!place) return [];
    const claiming = [...this.grants.values()].filter(
      (grant) =>
        grant.enforcement === enforcement &&
        domain.namespaces.includes(grant.namespace) &&
        grant.environment === place.environment &&
        grant.hosts.some((pattern) => coversHost(pattern, host)) &&
        coversPath(grant.path, place.rest),
    );
    const most = Math.max(...claiming.map(specificity));
    return claiming.filter((grant) => specificity(grant) === most);
  }

  /** Of two with the same host the older has it, then the first by name. */
  #domainOf(host: string): Domain | undefined {
    const patterns = [...new Set([...this.domains.values()].flatMap(({ hosts }) => hosts))]
      .filter((pattern) => coversHost(pattern, host))
      .sort((a, b) => Number(a.startsWith("*")) - Number(b.startsWith("*")) || b.length - a.length);
    return [...this.domains.values()]
      .filter(({ hosts }) => hosts.includes(patterns[0] ?? ""))
      .sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt) || (a.name < b.name ? -1 : 1))[0];
  }
}

/** A pair that was replaced, and is imported again, is retired no more. */
function isRetired({ id, retiresAt }: Key, owner: Application, now: number): boolean {
  return retiresAt <= now && owner.imported !== id;
}

function isInForce({ suspended, expiresAt }: Grant, now: number): boolean {
  return !suspended && now < expiresAt;
}

function means(subject: Subject, grant: Grant, caller: Application): boolean {
  if ("applicationId" in subject)
    return (
      subject.applicationId === caller.applicationId &&
      (subject.namespace ?? caller.namespace) === caller.namespace
    );
  if (grant.namespace !== caller.namespace) return false;
  return "name" in subject ? subject.name === caller.name : subject.tier === caller.tier;
}

function placeOf({ environments }: Domain, path: string) {
  const found = environments
    .filter(({ pathPrefix }) => coversPath({ type: "PathPrefix", value: pathPrefix }, path))
    .sort((a, b) => b.pathPrefix.length - a.pathPrefix.length)[0];
  if (!found) return undefined;
  const cut = found.pathPrefix === "/" ? path : path.slice(found.pathPrefix.length);
  return { environment: found.name, rest: cut === "" ? "/" : cut };
}

function coversHost(pattern: string, host: string): boolean {
  return pattern === host || (pattern.startsWith("*.") && host.endsWith(pattern.slice(1)));
}

function coversPath({ type, value }: Grant["path"], path: string): boolean {
  if (type === "Exact") return path === value;
  if (type === "TencentPath")
    return new RegExp(value.replace(/^\^~(.*)$/, "^$1").replace(/^(.*)[{]id[}]$/, "^$1.+$")).test(path);
  return value === "/" || path === value || path.startsWith(`${value}/`);
}

/** Of the vendor's notation the model has one marked prefix, and one path with a variable. */
function specificity({ path }: Grant): number {
  if (path.type === "Exact") return Number.POSITIVE_INFINITY;
  if (path.type === "TencentPath") return path.value.startsWith("^~") ? 2_000 : 1_000;
  return path.value.length;
}
