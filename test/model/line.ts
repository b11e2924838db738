import type { Condition, ObjectMeta } from "../../src/api/meta.ts";
import { CREDENTIAL_KEYS } from "../../src/api/names.ts";
import type { Manifest } from "../store/behaviour.ts";
import type { Call } from "./world.ts";

/** An object as anybody can read it. */
export interface SeenObject {
  readonly metadata: ObjectMeta;
  readonly status?: {
    readonly observedGeneration?: number;
    readonly conditions?: readonly Condition[];
    readonly applicationId?: string;
    readonly keys?: readonly { readonly apiAppKey: string; readonly state: string }[];
  };
}

export interface Credentials {
  readonly applicationId: string;
  readonly key: string;
  readonly secret: string;
}

/** The pair in a credentials Secret, whose values are decoded. */
export function pairIn(value: (key: string) => string): Credentials {
  return {
    applicationId: value(CREDENTIAL_KEYS.id),
    key: value(CREDENTIAL_KEYS.key),
    secret: value(CREDENTIAL_KEYS.secret),
  };
}

/** The decision of one verifier: `allowed`, or the status of its denial. */
export interface Answer {
  readonly verdict: string;
  /** Whether it was allowed in Shadow mode, whatever the key. */
  readonly isShadowed?: boolean;
  /** The grant that admitted the call. */
  readonly grant?: string;
}

export type Part = "operator" | "verifier";

/** The whole line from a manifest to a decision, on one kind of store. */
export interface Line {
  /** Epoch milliseconds, by the clock of operator and verifiers. */
  now(): number;
  /** Time passes for operator and verifiers. */
  pass(ms: number): void;
  /** Does what `kubectl apply` does; returns the object. */
  apply(manifest: Manifest): Promise<SeenObject>;
  /** A Secret of somebody's. */
  provide(secret: Manifest): Promise<void>;
  /** As `kubectl delete --wait=false` does. */
  remove(manifest: Manifest): Promise<void>;
  find(manifest: Manifest): Promise<SeenObject | undefined>;
  /** The key pair that callers of an Application can read. */
  credentials(namespace: string, application: string): Promise<Credentials | undefined>;
  /** Somebody deletes the credentials Secret. */
  loseCredentials(namespace: string, application: string): Promise<void>;
  /** The object goes without the operator: somebody strips its finalizer, or its file is lost while nothing runs. */
  loseIdentity(manifest: Manifest): Promise<void>;
  /** Kills that part of the line and starts it again; where both are one process, that process. */
  restart(part: Part): Promise<void>;
  /** Until the operator has nothing to do with what it could know, and every verifier is ready and has what the operator wrote. */
  settled(): Promise<void>;
  /** The decisions of all verifiers on the call, signed with the key. */
  ask(call: Call, credentials: Pick<Credentials, "key" | "secret">): readonly Answer[];
  stop(): Promise<void>;
}
