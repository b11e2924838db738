import type { Tree } from "../access/tree.ts";
import type { Application } from "../api/application.ts";
import type { PlannedWrite, WriteResult } from "./actions/write.ts";
import type { Gap } from "./gap.ts";
import type { ConsoleObjects } from "./objects.ts";
import type { CompareView } from "./view/access.ts";
import type { AskedExplanation, ExplainAnswer } from "./view/explain.ts";
import type { MetricsView } from "./view/metrics.ts";
import type { SecretAnswer } from "./view/secret.ts";

/** Where the console's objects come from: a cluster, a directory of YAML, or the directory of a running `standalone`. */
type ConsoleMode = "cluster" | "directory" | "standalone";

/** What the console shows, in words of the viewer: a context of the kubeconfig, or a directory. */
export interface About {
  readonly mode: ConsoleMode;
  readonly name: string;
  /** The only namespace that the viewer can see; undefined for all. */
  readonly namespace?: string;
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
  /** The decisions of the verifiers, by their metrics; undefined if there is no way to read them. */
  readonly metrics?: () => Promise<MetricsView>;
  /** Explains how a request is decided by what the verifiers know. */
  explain(asked: AskedExplanation): Promise<ExplainAnswer>;
  /** Reads the key pair of an Application, with the viewer's rights. */
  secret(application: Application): Promise<SecretAnswer>;
  /** Writes with the viewer's rights, or tries to; undefined if there is no cluster to write to. */
  readonly write?: (write: PlannedWrite, isDryRun: boolean) => Promise<WriteResult>;
  /** Compares the objects with a directory; undefined if none is named. */
  readonly compare?: (tree: Tree) => Promise<CompareView>;
}
