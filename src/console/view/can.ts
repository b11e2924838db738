import { type AskedRequest, decideFor } from "../../access/decide.ts";
import { whyDenied } from "../../access/explain.ts";
import type { Enforcement } from "../../api/vocabulary.ts";
import { isDenial } from "../../signing/scheme.ts";
import type { Knowledge } from "../knowledge/knowledge.ts";

/** The answer to: may this Application send this request? */
export interface CanView {
  readonly isAllowed: boolean;
  /** `Allowed`, or the code of the denial. */
  readonly code: string;
  readonly environment: string;
  readonly api: string;
  readonly grant: string;
  readonly enforcement: Enforcement;
  /** Why it is denied, in English. */
  readonly reasons: readonly string[];
}

/** The answer at an instant (epoch milliseconds); undefined if no caller has the name. Names are `namespace/name`, or an id. */
export function canView(
  name: string,
  request: AskedRequest,
  knowledge: Knowledge,
  now: number,
): CanView | undefined {
  for (const { world } of knowledge.installations) {
    const caller =
      world.callers.get(name) ??
      world.callers.all.find(({ application }) => name !== "" && application.applicationId === name);
    if (!caller) continue;
    const decision = decideFor(caller, request, world, now);
    if (!isDenial(decision)) return { isAllowed: true, code: "Allowed", ...decision, reasons: [] };
    return {
      ...{
        isAllowed: false,
        code: decision.code,
        environment: "",
        api: "",
        grant: "",
        enforcement: "Enforce",
      },
      reasons: whyDenied(decision, caller, request, world, now),
    };
  }
  return undefined;
}

/** Reads `GET https://api.example.com/path`; undefined if it is something else. */
export function readRequest(method: string, url: string): AskedRequest | undefined {
  const [, host, path = "/"] = /^(?:https?:\/\/)?([^/?#\s]+)([/?][^\s#]*)?$/.exec(url.trim()) ?? [];
  if (host === undefined || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(method)) return undefined;
  return { method, host, path: path.startsWith("?") ? `/${path}` : path };
}
