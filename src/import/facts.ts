import type { Secret } from "../api/secret.ts";

/** Where something was read: a file, and the JSON path or the resource address in it. */
export interface Place {
  readonly file: string;
  /** Such as `Result.ApiAppSet[3]` or `module.users.tencentcloud_api_gateway_api.get`; "" for the whole file. */
  readonly at: string;
}

/**
 * How a fact was obtained, the most trusted first: a response of the management API, a managed resource of a state, a copy
 * inside another resource or data source of a state.
 */
export const ORIGINS = ["response", "state", "copy"] as const;
export type Origin = (typeof ORIGINS)[number];

interface Common {
  readonly from: Place;
  readonly origin: Origin;
}

/** An application. Empty text means that the document does not have the value. */
export interface ApplicationFact extends Common {
  readonly kind: "application";
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly key: string;
  readonly secret: Secret | undefined;
  /** ModifiedTime as it was written. */
  readonly modified: string;
}

/** A reset to a key of the user's choice, by a resource that holds no secret. */
export interface KeyResetFact extends Common {
  readonly kind: "keyReset";
  readonly id: string;
  readonly key: string;
}

export interface ServiceFact extends Common {
  readonly kind: "service";
  readonly id: string;
  readonly name: string;
  /** Hosts that the vendor assigned, without duplicates. */
  readonly hosts: readonly string[];
  /** The released environments; undefined if the document does not list them. */
  readonly released: readonly string[] | undefined;
}

/** Whether one environment of a service is released. */
interface ReleaseFact extends Common {
  readonly kind: "release";
  readonly service: string;
  readonly environment: string;
  readonly isReleased: boolean;
  /** The released version, which begins with the time of the release: `20230301000018-mrcxggcj`; "" if it is missing. */
  readonly version: string;
}

export interface ApiFact extends Common {
  readonly kind: "api";
  readonly id: string;
  readonly service: string;
  readonly name: string;
  /** In the vendor's notation. */
  readonly path: string;
  readonly method: string;
  /** "" if the document does not have it. */
  readonly auth: string;
  /** "" if the document does not have it. */
  readonly protocol: string;
  /** The environments in which this API is released; undefined if the document does not list them. */
  readonly environments: readonly string[] | undefined;
  /** Whether it is the definition that requests meet in its one environment. Other documents have the edited one. */
  readonly isDeployed: boolean;
  readonly modified: string;
}

export interface BindingFact extends Common {
  readonly kind: "binding";
  readonly application: string;
  readonly applicationName: string;
  readonly service: string;
  readonly api: string;
  readonly environment: string;
  /** The end of the authorization as it was written; "" for one without end. */
  readonly expires: string;
}

/** A custom domain of a service, and its path mappings as far as the document has them. */
interface DomainFact extends Common {
  readonly kind: "domain";
  readonly service: string;
  readonly host: string;
  /** Undefined if the document does not have it. */
  readonly isDefault: boolean | undefined;
  /** Undefined if the document does not have them. */
  readonly mappings: readonly PathMapping[] | undefined;
}

/** A path prefix of a custom domain, and the environment behind it. */
export interface PathMapping {
  readonly path: string;
  readonly environment: string;
}

/** A rule that the vendor's gateway applied to an API beside its bindings, such as an IP strategy or a plugin. */
interface RestrictionFact extends Common {
  readonly kind: "restriction";
  /** The id of an API, or of a service with all its APIs. */
  readonly target: string;
  /** "" for every environment. */
  readonly environment: string;
  /** Such as `plugin office-only (IPControl)`. */
  readonly what: string;
  /** What replaces it here; "" where that is the same rule in Envoy. */
  readonly remedy: string;
}

/** What one page of a list contains. */
interface PageFact extends Common {
  readonly kind: "page";
  /** The key of the list in the response, such as ApiAppSet. */
  readonly list: string;
  /** What the query was for, such as a service; "" for the whole account. */
  readonly scope: string;
  readonly total: number | undefined;
  readonly ids: readonly string[];
}

/** All bindings of a service, an application, or an API in an environment (`api environment`), or its plugins, that the management API listed. */
interface CoverageFact extends Common {
  readonly kind: "coverage";
  readonly of: "service" | "application" | "api" | "plugins";
  readonly id: string;
}

export type Fact =
  | ApplicationFact
  | KeyResetFact
  | ServiceFact
  | ReleaseFact
  | ApiFact
  | BindingFact
  | DomainFact
  | RestrictionFact
  | PageFact
  | CoverageFact;

/** The facts of one kind. */
export type FactOf<K extends Fact["kind"]> = Extract<Fact, { readonly kind: K }>;

/** A place as text: `file: at`. */
export function placeText({ file, at }: Place): string {
  return at === "" ? file : `${file}: ${at}`;
}
