import type { SchemeName } from "../../src/api/vocabulary.ts";
import type { Hints } from "../../src/policy/authenticate.ts";
import { decide } from "../../src/policy/decide.ts";
import type { Decision } from "../../src/policy/decision.ts";
import { ProjectionIndex } from "../../src/policy/index/projectionIndex.ts";
import type { RouteContext } from "../../src/policy/request.ts";
import type { Projection } from "../../src/projection/documents.ts";
import { HeaderLines, schemeNamed } from "../../src/signing/scheme.ts";
import { application, domain, grant, stored } from "./documents.ts";

/** The instant of every decision, if a test does not name another. */
export const NOW = Date.parse("2026-11-24T09:00:00Z");
/** An Application that may call `/orders` in the environment `release`. */
export const WORLD: readonly Projection[] = [application(), grant(), domain()];

/** A request that differs from an allowed one in what a test names. */
export interface Asked {
  readonly path?: string;
  readonly host?: string;
  readonly method?: string;
  readonly keyId?: string;
  readonly secret?: string;
  readonly algorithm?: string;
  readonly prefix?: string;
  readonly now?: number;
  readonly context?: RouteContext;
  readonly headers?: readonly (readonly [string, string])[];
  /** Names of headers that are signed beside x-date. */
  readonly signed?: readonly string[];
  readonly unsigned?: boolean;
  /** Default: Tencent. */
  readonly scheme?: SchemeName;
}

export function indexOf(documents: readonly Projection[]): ProjectionIndex {
  const index = new ProjectionIndex();
  index.replace(documents.map((document) => stored(document)));
  return index;
}

/** The decision on a request that is signed with the credentials of `asked`. */
export function ask(
  world: readonly Projection[] | ProjectionIndex,
  asked: Asked = {},
  hints?: Hints,
): Decision {
  const authority = asked.host ?? "api.shop.example.com";
  const request = {
    method: asked.method ?? "GET",
    path: asked.path ?? "/orders",
    authority,
    headers: asked.headers ?? [],
  };
  const credentials = {
    keyId: asked.keyId ?? "APIDmobile",
    secret: asked.secret ?? "mobile-secret-mobile-secret",
    algorithm: asked.algorithm ?? "hmac-sha256",
  };
  const signed = schemeNamed(asked.scheme ?? "Tencent").sign(
    { ...request, environmentPrefix: asked.prefix ?? "" },
    credentials,
    new Date(NOW),
    asked.signed,
  );
  const headers = new HeaderLines([...request.headers, ...(asked.unsigned ? [] : signed.headers)]);
  const index = world instanceof ProjectionIndex ? world : indexOf(world);
  return decide(
    { request: { ...request, headers, body: { kind: "none" } }, context: asked.context ?? {} },
    index,
    asked.now ?? NOW,
    hints,
  );
}

/** The code of a denial, or "allow". */
export const verdict = (decision: Decision) => (decision.kind === "allow" ? "allow" : decision.code);
