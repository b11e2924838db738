import type { Caller } from "../../../access/callers.ts";
import { type AskedRequest, decideFor } from "../../../access/decide.ts";
import { whyDenied } from "../../../access/explain.ts";
import type { Installation } from "../../../access/installations.ts";
import type { World } from "../../../access/world.ts";
import type { Enforcement } from "../../../api/vocabulary.ts";
import { isDenial } from "../../../signing/scheme.ts";
import { CliFailure, USAGE } from "../../shared/failure.ts";

/** The answer to `--can`; null for what does not apply. */
export interface CanAnswer {
  readonly allowed: boolean;
  readonly application: string;
  /** As `GET https://host/path`. */
  readonly request: string;
  /** `Allowed`, or the code of the denial. */
  readonly code: string;
  readonly environment: string | null;
  readonly api: string | null;
  readonly grant: string | null;
  /** Shadow: the request is let through unverified. */
  readonly enforcement: Enforcement;
  /** Why it is denied. */
  readonly reasons: readonly string[];
}

/** Whether the Application of a name or id may send a request. Throws CliFailure if the name fits none, or several. */
export function decideCan(
  installations: readonly Installation<World>[],
  request: AskedRequest,
  name: string,
  now: number,
): CanAnswer {
  const { caller, world } = callerOf(installations, name);
  const decision = decideFor(caller, request, world, now);
  const common = {
    application: caller.name,
    request: `${request.method} https://${request.host}${request.path}`,
  };
  if (!isDenial(decision)) return { allowed: true, ...common, code: "Allowed", ...decision, reasons: [] };
  const reasons = whyDenied(decision, caller, request, world, now);
  return {
    ...{ allowed: false, ...common, code: decision.code },
    ...{ environment: null, api: null, grant: null, enforcement: "Enforce", reasons },
  };
}

/** The answer for people: yes or no, and why. */
export function canText(answer: CanAnswer): string {
  const { allowed, application, request, code, environment, api, grant, enforcement, reasons } = answer;
  if (allowed && enforcement === "Shadow")
    return `yes: ${request} is let through unverified, from every caller: only grants with enforcement Shadow name its path\n  environment ${environment}, API ${api}, by ApiGrant ${grant}\n`;
  if (allowed)
    return `yes: ${application} may send ${request}\n  environment ${environment}, API ${api}, by ApiGrant ${grant}\n`;
  return `no: ${application} may not send ${request}: ${code}\n${reasons.map((reason) => `  ${reason}\n`).join("")}`;
}

interface Found {
  readonly caller: Caller;
  readonly world: World;
}

function callerOf(installations: readonly Installation<World>[], name: string): Found {
  const all = installations.flatMap(({ world }) => world.callers.all.map((caller) => ({ caller, world })));
  const exact = all.filter(({ caller }) => caller.name === name);
  const found =
    exact.length > 0
      ? exact
      : all.filter(
          ({ caller }) => caller.application.name === name || caller.application.applicationId === name,
        );
  const [first, second] = found;
  if (first && !second) return first;
  if (!first)
    throw new CliFailure(
      `no Application ${name} is declared, and no grant names such an id: write namespace/name as countersign access lists it`,
      USAGE,
    );
  const names = found.map(({ caller }) => caller.name).join(", ");
  throw new CliFailure(
    `${name} is the name of several Applications: write one of ${names} (or add --class)`,
    USAGE,
  );
}
