import type { Secret } from "../../api/secret.ts";
import type { PathMapping, Place } from "../facts.ts";

/** A key pair that an application can sign with. */
export interface KeyPair {
  readonly apiAppKey: string;
  readonly apiAppSecret: Secret;
  /** The secret has 10 to 15 characters. */
  readonly isShort: boolean;
}

export interface VendorApplication {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Undefined if no file has a usable one. */
  readonly pair: KeyPair | undefined;
}

export interface VendorService {
  readonly id: string;
  readonly name: string;
  readonly defaultHosts: readonly string[];
  /** Undefined if no file lists the released environments. */
  readonly released: ReadonlySet<string> | undefined;
}

export interface VendorApi {
  readonly id: string;
  readonly service: string;
  readonly name: string;
  readonly path: string;
  readonly method: string;
  /** "" if no file has it. */
  readonly auth: string;
  readonly protocol: string;
  readonly environments: ReadonlySet<string> | undefined;
  /** Files of equal rank disagree. */
  readonly isDisputed: boolean;
  readonly from: Place;
}

export interface VendorBinding {
  readonly application: string;
  readonly applicationName: string;
  readonly service: string;
  readonly api: string;
  readonly environment: string;
  /** As it was written; "" for a binding without end. */
  readonly expires: string;
  readonly from: Place;
}

/** A custom domain with a mapping that is known. */
export interface VendorDomain {
  readonly service: string;
  readonly host: string;
  /** Undefined for the default mapping: the first segment is the environment. */
  readonly mappings: readonly PathMapping[] | undefined;
}

/** A rule on an API that a grant cannot express. */
export interface Restriction {
  /** "" for every environment. */
  readonly environment: string;
  readonly what: string;
  /** What replaces it here; "" where that is the same rule in Envoy. */
  readonly remedy: string;
  readonly from: Place;
}

/** One tenant, merged from all files. Lists are sorted by id. */
export interface Tenant {
  readonly applications: ReadonlyMap<string, VendorApplication>;
  readonly services: ReadonlyMap<string, VendorService>;
  readonly apis: ReadonlyMap<string, VendorApi>;
  readonly bindings: readonly VendorBinding[];
  readonly domains: readonly VendorDomain[];
  readonly restrictions: ReadonlyMap<string, readonly Restriction[]>;
}
