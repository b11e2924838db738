/** A made-up tenant of the vendor's gateway: what is true, independently of its exports. */
export interface MadeTenant {
  readonly apps: readonly MadeApp[];
  readonly services: readonly MadeService[];
  readonly apis: readonly MadeApi[];
  readonly binds: readonly MadeBinding[];
  readonly domains: readonly MadeDomain[];
}

export interface MadeApp {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly key: string;
  readonly secret: string;
  readonly modified: string;
  /** Of another account: no export has it. */
  readonly isForeign: boolean;
  /** The exporting user may not see its secret. */
  readonly isMasked: boolean;
}

interface MadeService {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly isInner: boolean;
  readonly released: readonly string[];
}

export interface MadeApi {
  readonly id: string;
  readonly service: string;
  readonly name: string;
  readonly path: string;
  readonly method: string;
  readonly auth: string;
}

export interface MadeBinding {
  readonly app: string;
  readonly service: string;
  readonly api: string;
  readonly environment: string;
}

interface MadeDomain {
  readonly service: string;
  readonly host: string;
  readonly isDefault: boolean;
  readonly mappings: readonly { readonly path: string; readonly environment: string }[];
}

export interface MadeTenantOptions {
  readonly seed: number;
  /** Default: 60. */
  readonly apps?: number;
  /** Default: 17, so that every kind of service occurs. */
  readonly services?: number;
  /** Bindings of each application; default: 7. */
  readonly binds?: number;
  /** Everything that makes an import hard. Default: true. */
  readonly isOdd?: boolean;
  /** Applications of other accounts; default: 0. */
  readonly partners?: number;
  /** Applications whose secret is masked; default: 0. */
  readonly masked?: number;
}

/** The vendor's environments, in the order in which the made-up services release them. */
const ENVIRONMENTS = ["release", "prepub", "test"] as const;

const WORDS = ["orders", "users", "billing", "stock", "search", "pay", "notify", "report", "media"];
const LOWER = "abcdefghijklmnopqrstuvwxyz0123456789";
const KEY = `${LOWER}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;
const ODD_NAMES = ["合作伙伴 A", "合作伙伴 B", "Mobile App", "mobile_app", "mobile.app", "x".repeat(70)];

/** A generator of numbers from 0 to below 1: the same seed gives the same numbers (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of the items. */
export function pick<T>(random: () => number, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** Makes a tenant. The same options give the same tenant. */
export function makeTenant(options: MadeTenantOptions): MadeTenant {
  const maker = new Maker(options);
  return maker.make();
}

class Maker {
  readonly #options: Required<MadeTenantOptions>;
  readonly #random: () => number;
  readonly #ids = new Set<string>();
  #seconds = 0;

  constructor(options: MadeTenantOptions) {
    this.#options = { apps: 60, services: 17, binds: 7, isOdd: true, partners: 0, masked: 0, ...options };
    this.#random = randomOf(options.seed);
  }

  make(): MadeTenant {
    const apps = Array.from({ length: this.#options.apps }, (_, index) => this.#app(index, false));
    const services = Array.from({ length: this.#options.services }, (_, index) => this.#service(index));
    const apis = services.flatMap((service, index) => this.#apisOf(service, index));
    const domains = services.flatMap((service, index) => this.#domainsOf(service, index));
    const partners = Array.from({ length: this.#options.partners }, (_, index) => this.#app(index, true));
    const binds = [...this.#binds(apps, services, apis), ...this.#partnerBinds(partners, services, apis)];
    return { apps: [...apps, ...partners], services, apis, binds, domains };
  }

  #app(index: number, isForeign: boolean): MadeApp {
    const plain = isForeign ? `partner-${index}` : `${pick(this.#random, WORDS)}-app-${index}`;
    const name = (this.#options.isOdd && !isForeign ? ODD_NAMES[index] : undefined) ?? plain;
    return {
      id: this.#id("app"),
      name,
      description: pick(this.#random, ["", "made up", "批处理任务"]),
      key: `APID${this.#text(KEY, 36)}`,
      secret: this.#text(KEY, 40),
      modified: this.#time(),
      isForeign,
      isMasked: !isForeign && index >= this.#options.apps - this.#options.masked,
    };
  }

  #service(index: number): MadeService {
    const id = this.#id("service");
    return {
      id,
      name: `${WORDS[index % WORDS.length]}-${String(index).padStart(2, "0")}`,
      host: `${id}-1300000001.gz.apigw.tencentcs.com`,
      isInner: index % 5 === 0,
      released: ENVIRONMENTS.slice(0, 1 + (index % 3)),
    };
  }

  #apisOf(service: MadeService, index: number): readonly MadeApi[] {
    const root = `/${service.name}`;
    const odd = this.#options.isOdd && index % 4 === 0;
    const rows: readonly (readonly [name: string, path: string, method: string, auth: string])[] = [
      ["list", root, "GET", "APP"],
      ["create", `=${root}/new`, "POST", "APP"],
      ["assets", `^~${root}/assets`, "ANY", "APP"],
      ["by id", `${root}/{id}`, "GET", "APP"],
      ["one of one", `${root}/{id}/items/{item}`, "DELETE", "APP"],
      ["health", `${root}/health`, "GET", "NONE"],
      ...(odd
        ? ([
            ["regex", `${root}/[0-9]+/pdf$`, "GET", "APP"],
            ["file", `${root}/files/{name}.json`, "GET", "APP"],
            ["all", `^~${root}`, "PUT", "APP"],
          ] as const)
        : []),
      ...(index % 7 === 0 ? ([["legacy", `${root}/legacy`, "GET", "SECRET"]] as const) : []),
    ];
    return rows.map(([name, path, method, auth]) => {
      return { id: this.#id("api"), service: service.id, name, path, method, auth };
    });
  }

  #domainsOf(service: MadeService, index: number): readonly MadeDomain[] {
    if (index % 2 !== 0) return [];
    const isDefault = index % 4 === 0;
    const release = { path: "/", environment: "release" };
    const test = service.released.includes("test") ? [{ path: "/test", environment: "test" }] : [];
    const first = {
      service: service.id,
      host: `${service.name}.api.example.com`,
      isDefault,
      mappings: isDefault ? [] : [release, ...test],
    };
    const second = {
      ...first,
      host: `${service.name}.open.example.com`,
      isDefault: false,
      mappings: [release],
    };
    return this.#options.isOdd && index % 8 === 0 ? [first, second] : [first];
  }

  #binds(
    apps: readonly MadeApp[],
    services: readonly MadeService[],
    apis: readonly MadeApi[],
  ): readonly MadeBinding[] {
    const open = apis.filter(({ auth }) => auth === "APP");
    const found = new Map<string, MadeBinding>();
    const add = (app: MadeApp | undefined, api: MadeApi | undefined, environment: string) => {
      if (!app || !api) return;
      const binding = { app: app.id, service: api.service, api: api.id, environment };
      found.set(`${app.id} ${api.id} ${environment}`, binding);
    };
    for (const app of apps)
      for (let left = this.#options.binds; left > 0; left -= 1) {
        const api = pick(this.#random, open);
        const service = services.find(({ id }) => id === api.service);
        add(app, api, pick(this.#random, service?.released ?? ENVIRONMENTS));
      }
    if (this.#options.isOdd) {
      add(apps[0], open[0], "test");
      add(
        apps[0],
        apis.find(({ auth }) => auth === "NONE"),
        "release",
      );
    }
    return [...found.values()];
  }

  #partnerBinds(
    partners: readonly MadeApp[],
    services: readonly MadeService[],
    apis: readonly MadeApi[],
  ): readonly MadeBinding[] {
    const open = apis.filter(({ auth }) => auth === "APP");
    return partners.map(({ id }, index) => {
      const api = open[index % open.length] as MadeApi;
      const environment = services.find((one) => one.id === api.service)?.released[0] ?? "release";
      return { app: id, service: api.service, api: api.id, environment };
    });
  }

  #id(prefix: string): string {
    for (;;) {
      const id = `${prefix}-${this.#text(LOWER, 8)}`;
      if (this.#ids.has(id)) continue;
      this.#ids.add(id);
      return id;
    }
  }

  #text(characters: string, length: number): string {
    return Array.from({ length }, () => pick(this.#random, [...characters])).join("");
  }

  #time(): string {
    this.#seconds += 1;
    return new Date(Date.UTC(2023, 2, 1) + this.#seconds * 1_000).toISOString().replace(".000Z", "Z");
  }
}
