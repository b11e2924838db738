import type { ApiGrant } from "../../api/apiGrant.ts";
import type { Application } from "../../api/application.ts";
import { API_VERSION, objectKey } from "../../api/names.ts";
import { EPOCH } from "../../base/timestamp.ts";
import type { ConsoleObjects } from "../objects.ts";
import type { Action, Entry } from "./action.ts";

/** The spec of an object before and after an action. `before` is undefined if the action creates it. */
export type Change =
  | { readonly kind: "Application"; readonly before: Application | undefined; readonly after: Application }
  | { readonly kind: "ApiGrant"; readonly before: ApiGrant; readonly after: ApiGrant };

/** Why an action cannot be done. */
export type Refusal =
  | "missing"
  | "exists"
  | "imported"
  | "noActiveKey"
  | "noSuchEntry"
  | "sameEntry"
  | "lastEntry";

/** What an action changes, at an instant (RFC 3339). */
export function changeBy(action: Action, objects: ConsoleObjects, now: string): Change | Refusal {
  const key = objectKey(action.namespace, action.name);
  const { kind } = action;
  if (kind === "authorize" || kind === "unauthorize") return entryChange(action, objects.grants.get(key));
  if (kind === "setExpiry" && action.of === "ApiGrant") {
    const before = objects.grants.get(key);
    return before ? { kind: "ApiGrant", before, after: withExpiry(before, action.expiresAt) } : "missing";
  }
  const before = objects.applications.get(key);
  if (kind === "createApplication") return before ? "exists" : created(action);
  if (!before) return "missing";
  const after = changed(action, before, now);
  return typeof after === "string" ? after : { kind: "Application", before, after };
}

function changed(action: Action, before: Application, now: string): Application | Refusal {
  const { spec } = before;
  switch (action.kind) {
    case "suspend":
    case "resume":
      return { ...before, spec: { ...spec, suspended: action.kind === "suspend" } };
    case "setExpiry":
      return withExpiry(before, action.expiresAt);
    case "rotateKeys":
      if (spec.credentials?.source === "Imported") return "imported";
      return withCredentials(before, { rotation: { ...spec.credentials?.rotation, requestedAt: now } });
    default:
      return revoked(before);
  }
}

function revoked(before: Application): Application | Refusal {
  const active = before.status?.keys?.find(({ state }) => state === "Active")?.apiAppKey;
  if (active === undefined) return "noActiveKey";
  if (before.spec.credentials?.source === "Imported") return "imported";
  const { revokedKeys = [] } = before.spec.credentials ?? {};
  return withCredentials(before, { revokedKeys: [...new Set([...revokedKeys, active])] });
}

function withCredentials(
  before: Application,
  part: Partial<NonNullable<Application["spec"]["credentials"]>>,
): Application {
  const { spec } = before;
  return { ...before, spec: { ...spec, credentials: { ...spec.credentials, ...part } } } as Application;
}

function withExpiry<T extends Application | ApiGrant>(before: T, expiresAt: string): T {
  const { expiresAt: _, ...rest } = before.spec;
  return { ...before, spec: expiresAt === "" ? rest : { ...rest, expiresAt } };
}

function created({ namespace, name, ...action }: Extract<Action, { kind: "createApplication" }>): Change {
  const { displayName, expiresAt } = action;
  const spec = {
    ...(displayName === "" ? {} : { displayName }),
    ...(expiresAt === "" ? {} : { expiresAt }),
  };
  const metadata = { name, namespace, uid: "", resourceVersion: "", creationTimestamp: EPOCH };
  const after = { apiVersion: API_VERSION, kind: "Application", metadata, spec } as unknown as Application;
  return { kind: "Application", before: undefined, after };
}

function entryChange(
  { kind, entry }: Extract<Action, { kind: "authorize" | "unauthorize" }>,
  before: ApiGrant | undefined,
): Change | Refusal {
  if (!before) return "missing";
  const { applications = [] } = before.spec;
  const isThere = applications.some((one) => isSame(one, entry));
  if (kind === "authorize" && isThere) return "sameEntry";
  if (kind === "unauthorize" && !isThere) return "noSuchEntry";
  const next =
    kind === "authorize" ? [...applications, entry] : applications.filter((one) => !isSame(one, entry));
  if (next.length === 0) return "lastEntry";
  return {
    kind: "ApiGrant",
    before,
    after: { ...before, spec: { ...before.spec, applications: next } } as ApiGrant,
  };
}

function isSame(one: { readonly name?: string; readonly applicationId?: string }, entry: Entry): boolean {
  return "name" in entry ? one.name === entry.name : one.applicationId === entry.applicationId;
}
