import { field, isRecord, text } from "../../base/json.ts";

/** Names one object that an action changes. */
interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** An Application as a grant names it: by name in the grant's namespace, or by the id of a partner's Application. */
export type Entry = { readonly name: string } | { readonly applicationId: string };

/** What a viewer can do. Times are RFC 3339. */
export type Action =
  | ({ readonly kind: "createApplication"; readonly displayName: string; readonly expiresAt: string } & Named)
  /** Replaces the key pair; the old one stays valid for the overlap. */
  | ({ readonly kind: "rotateKeys" } & Named)
  /** Revokes the active key pair at once. */
  | ({ readonly kind: "resetKeys" } & Named)
  | ({ readonly kind: "suspend" | "resume" } & Named)
  /** "" removes the expiry. */
  | ({
      readonly kind: "setExpiry";
      readonly of: "Application" | "ApiGrant";
      readonly expiresAt: string;
    } & Named)
  | ({ readonly kind: "authorize" | "unauthorize"; readonly entry: Entry } & Named);

const SIMPLE = ["rotateKeys", "resetKeys", "suspend", "resume"] as const;

/** Reads an action from JSON; undefined if it is not an action. Objects and fields are checked later, as the API server does. */
export function readAction(value: unknown): Action | undefined {
  const named = { namespace: text(field(value, "namespace")), name: text(field(value, "name")) };
  const kind = text(field(value, "kind"));
  const expiresAt = text(field(value, "expiresAt"));
  if (named.name === "") return undefined;
  const simple = SIMPLE.find((one) => one === kind);
  if (simple) return { kind: simple, ...named };
  if (kind === "createApplication")
    return { kind, ...named, displayName: text(field(value, "displayName")), expiresAt };
  if (kind === "setExpiry") {
    const of = text(field(value, "of")) === "ApiGrant" ? "ApiGrant" : "Application";
    return { kind, ...named, of, expiresAt };
  }
  if (kind !== "authorize" && kind !== "unauthorize") return undefined;
  const entry = readEntry(field(value, "entry"));
  return entry && { kind, ...named, entry };
}

function readEntry(value: unknown): Entry | undefined {
  if (!isRecord(value)) return undefined;
  const [name, applicationId] = [text(value.name), text(value.applicationId)];
  if (applicationId !== "") return { applicationId };
  return name === "" ? undefined : { name };
}
