import type { SchemeName } from "../../api/vocabulary.ts";
import type { Fact } from "../facts.ts";
import type { JsonNode } from "../json/jsonNode.ts";
import type { WrittenPaths } from "../plan/paths/vendorPath.ts";
import type { ResourceInstance } from "../sources/resource.ts";
import type { Sink } from "../sources/sink.ts";

/** A gateway that tenants come from: how its documents are read, and where its rules and words differ. The rest is shared. */
export interface Gateway {
  /** As sentences name it, such as `Tencent Cloud API Gateway`. */
  readonly name: string;
  readonly sources: GatewaySources;
  readonly rules: GatewayRules;
  readonly words: GatewayWords;
}

/** Readers of the vendor's documents. The file of a node may name what the document lacks. */
export interface GatewaySources {
  /** A response of the management API, with or without the call around it. */
  readonly readCall: (document: JsonNode, sink: Sink) => void;
  /** A bare list, such as the output of a filter. */
  readonly readArray: (document: JsonNode, sink: Sink) => void;
  /** A resource or data source of a state, of any provider. */
  readonly addResource: (instance: ResourceInstance, sink: Sink) => void;
  /** Text that the vendor's tools print and that is of no use. */
  readonly texts: readonly KnownText[];
}

/** A form of text that is recognised by its beginning. */
export interface KnownText {
  readonly pattern: RegExp;
  readonly what: string;
  readonly remedy: string;
}

/** What a plan asks about the gateway. */
interface GatewayRules {
  /** `spec.signing.schemes` of the Applications; undefined for the default. */
  readonly schemes: readonly SchemeName[] | undefined;
  /** Reads a path in the vendor's notation. */
  readonly writtenPaths: (text: string, isNarrow: boolean) => WrittenPaths;
  /** What an AuthType means. `unknown` is one that no file has. */
  readonly authenticationOf: (authType: string) => "application" | "none" | "other" | "unknown";
  /** Whether a bound API with an unknown AuthType is granted, with a decision, rather than held. */
  readonly assumesAuthentication: boolean;
  /** Whether each API is released on its own. Then one of which no file lists the environments is not taken as released. */
  readonly releasesEachApi: boolean;
  /** The environments of a host without path mappings, by those that are released. */
  readonly environmentsOfHost: (released: readonly string[]) => readonly HostEnvironment[];
  /** The form of an application's id. */
  readonly applicationId: RegExp;
}

/** An environment of a host, and the prefix of its paths. */
interface HostEnvironment {
  readonly name: string;
  readonly pathPrefix: string;
}

/** Parts of messages. They contain no secret. */
export interface GatewayWords {
  /** The warning at the head of MIGRATION.md. */
  readonly warning: string;
  /** How an export is made. */
  readonly exportWith: string;
  /** Why a file may be empty. */
  readonly emptyFile: string;
  /** What exports the key pair of an application. */
  readonly exportKey: string;
  /** What exports the AuthType of an API. */
  readonly exportAuthentication: string;
  /** The call that lists released environments. */
  readonly releaseCall: string;
  /** What to do about a custom domain whose environments are not known. */
  readonly domainRemedy: string;
  /** Parameters of a call for the elements of a list that are missing, of which `have` are there. */
  readonly otherPages: (have: number) => string;
  /** Another authentication of APIs without signature, such as NONE. */
  readonly noAuthentication: string;
  /** What follows from an AuthType of `other`. */
  readonly otherAuthentication: string;
  /** A host that the vendor assigned, as an example. */
  readonly host: string;
  /** An application's id, as an example. */
  readonly applicationId: string;
  /** What the report counts, by the kind of fact. */
  readonly counted: Readonly<Partial<Record<Fact["kind"], string>>>;
}
