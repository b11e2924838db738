import type { Tree } from "../access/tree.ts";
import type { ApiDomain } from "../api/apiDomain.ts";
import type { ApiGrant } from "../api/apiGrant.ts";
import type { Application } from "../api/application.ts";
import type { HttpRoute } from "../api/httpRoute.ts";
import type { Collection, NamespaceObject } from "../store/store.ts";
import type { Gap } from "./gap.ts";
import type { CompareView } from "./view/access.ts";
import type { AskedExplanation, ExplainAnswer } from "./view/explain.ts";

/** Where the console's objects come from: a cluster, a directory of YAML, or the directory of a running `standalone`. */
type ConsoleMode = "cluster" | "directory" | "standalone";

/** What the console shows, in words of the viewer: a context of the kubeconfig, or a directory. */
export interface About {
  readonly mode: ConsoleMode;
  readonly name: string;
  /** The only namespace that the viewer can see; undefined for all. */
  readonly namespace?: string;
}

/** The objects, as far as the viewer may read them. Specs are as stored, so a spec may be invalid. */
export interface ConsoleObjects {
  readonly applications: Collection<Application>;
  readonly grants: Collection<ApiGrant>;
  readonly domains: Collection<ApiDomain>;
  readonly namespaces: Collection<NamespaceObject>;
  readonly routes: Collection<HttpRoute>;
}

/** One verifier process. Times are epoch milliseconds. */
export interface VerifierRow {
  readonly name: string;
  readonly state: "live" | "silent" | "ended";
  readonly version?: string;
  readonly lastContact: number;
  /** The number of changes that it has not applied; undefined if that cannot be seen. */
  readonly lagChanges?: number;
  /** The age of the oldest of these changes. */
  readonly lagSeconds?: number;
}

/** The verifiers, or why they cannot be seen. */
export interface VerifierReport {
  readonly verifiers: readonly VerifierRow[];
  readonly gaps: readonly Gap[];
}

/** What the console's pages are made from. */
export interface ConsoleSource {
  readonly about: About;
  readonly objects: ConsoleObjects;
  /** What cannot be seen at present. */
  gaps(): readonly Gap[];
  verifiers(): Promise<VerifierReport>;
  /** Explains how a request is decided by what the verifiers know. */
  explain(asked: AskedExplanation): Promise<ExplainAnswer>;
  /** Compares the objects with a directory; undefined if none is named. */
  readonly compare?: (tree: Tree) => Promise<CompareView>;
}
