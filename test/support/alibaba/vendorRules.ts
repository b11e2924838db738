import type { MadeApi, MadeTenant } from "./madeTenant.ts";

interface Asked {
  readonly app: string;
  readonly method: string;
  readonly host: string;
  /** X-Ca-Stage; RELEASE where a request has none. */
  readonly stage: string;
  readonly path: string;
  readonly at: number;
}

/** What the vendor's gateway does with a request, by its documented rules. */
export interface VendorVerdict {
  readonly isAllowed: boolean;
  /** The APIs of the path that decided. */
  readonly deciding: readonly MadeApi[];
}

/**
 * A small model: the host names the group, X-Ca-Stage the stage, unless the host is bound to another one; the path names the API:
 * the whole path, then variables, then an asterisk; its authorization in the stage allows until its end. As here, the path
 * decides before the method.
 */
export function vendorVerdict(tenant: MadeTenant, asked: Asked): VendorVerdict {
  const { app, method, host, stage, path, at } = asked;
  const group = tenant.groups.find(
    (one) => one.host === host || one.domains.some((own) => own.host === host),
  );
  const bound = group?.domains.find((own) => own.host === host)?.stage ?? "";
  const isStage = bound === "" || bound === stage;
  const there = tenant.apis.filter((api) => api.group === group?.id && api.stages.includes(stage) && isStage);
  const matching = there.filter((api) => expressionOf(api.path).test(path));
  const best = Math.min(...matching.map(rank));
  const deciding = matching.filter((api) => rank(api) === best);
  const named = deciding.filter((api) => api.method === method);
  const answering = named.length > 0 ? named : deciding.filter((api) => api.method === "ANY");
  const isAllowed = answering.some(
    (api) =>
      api.auth === "APP" &&
      tenant.authorizations.some(
        (one) =>
          one.app === app &&
          one.api === api.id &&
          one.stage === stage &&
          (one.until === "" || Date.parse(one.until) > at),
      ),
  );
  return { isAllowed, deciding };
}

function rank({ path }: MadeApi): number {
  return path.endsWith("*") ? 2 : path.includes("[") ? 1 : 0;
}

function expressionOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\[[^\]]*\]/g, "[^/]+").replace(/\*$/, ".+")}$`);
}
