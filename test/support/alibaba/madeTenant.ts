import { pick, randomOf } from "../tencent/madeTenant.ts";

/** A made-up tenant of Alibaba Cloud API Gateway: what is true, independently of its exports. */
export interface MadeTenant {
  readonly apps: readonly MadeApp[];
  readonly groups: readonly MadeGroup[];
  readonly apis: readonly MadeApi[];
  readonly authorizations: readonly MadeAuthorization[];
}

interface MadeApp {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly secret: string;
}

interface MadeGroup {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  /** Custom domains; `stage` is "" for one without a stage of its own. */
  readonly domains: readonly { readonly host: string; readonly stage: string }[];
}

export interface MadeApi {
  readonly id: string;
  readonly group: string;
  readonly name: string;
  readonly path: string;
  readonly method: string;
  readonly auth: string;
  readonly stages: readonly string[];
  readonly plugins: readonly string[];
}

interface MadeAuthorization {
  readonly app: string;
  readonly api: string;
  readonly stage: string;
  /** "" for one without end. */
  readonly until: string;
}

const STAGES = ["RELEASE", "PRE", "TEST"] as const;
const SHAPES: readonly (readonly [path: string, method: string, auth: string])[] = [
  ["", "GET", "APP"],
  ["", "POST", "APP"],
  ["/[id]", "ANY", "APP"],
  ["/[id]", "DELETE", "APP"],
  ["/new", "GET", "APP"],
  ["/[id]/items/[n]", "GET", "APP"],
  ["/files/*", "GET", "APP"],
  ["/files/a", "GET", "APPOPENID"],
  ["/open/*", "ANY", "ANONYMOUS"],
];
const UNTIL = ["", "", "", "2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z"];

/** Makes a tenant of this many applications: the same seed gives the same one. */
export function makeTenant(seed: number, apps = 8): MadeTenant {
  const random = randomOf(seed);
  const text = (letters: string, length: number) =>
    Array.from({ length }, () => letters[Math.floor(random() * letters.length)]).join("");
  const hex = () => text("0123456789abcdef", 32);
  const made = Array.from({ length: apps }, (_, index) => ({
    id: String(110_000_000 + seed * 1_000 + index),
    name: `app_${index}`,
    key: String(200_000_000 + seed * 1_000 + index),
    secret: text("abcdefghijklmnopqrstuvwxyz0123456789", 32),
  }));
  const groups = ["orders", "stock", "users"].map((name) => ({
    id: hex(),
    name,
    host: `${hex()}-cn-hangzhou.alicloudapi.com`,
    domains: [
      { host: `${name}-${seed}.example.com`, stage: "" },
      { host: `test.${name}-${seed}.example.com`, stage: "TEST" },
    ],
  }));
  const apis = groups.flatMap(({ id: group, name }) =>
    SHAPES.map(([end, method, auth], index) => ({
      id: hex(),
      group,
      name: `${name}_${index}`,
      path: `/${name}${end}`,
      method,
      auth,
      stages: STAGES.filter(() => random() < 0.7),
      plugins: random() < 0.1 ? ["ipControl"] : random() < 0.2 ? ["cors"] : [],
    })),
  );
  const authorizations = apis.flatMap((api) =>
    api.stages.flatMap((stage) =>
      made
        .filter(() => random() < 0.4)
        .map(({ id }) => ({ app: id, api: api.id, stage, until: pick(random, UNTIL) })),
    ),
  );
  return { apps: made, groups, apis, authorizations };
}
