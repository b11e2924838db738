import { Agent } from "node:http";
import type { SchemeName } from "../../src/api/vocabulary.ts";
import { schemeNamed } from "../../src/signing/scheme.ts";
import { type Call, type Credentials, send } from "./caller.ts";
import { eventually, Hopeless } from "./events.ts";

/** Where callers send their requests, and with which key pair. */
export type MoveCall = Omit<Call, "credentials" | "headers"> & {
  readonly host: string;
  readonly credentials: Credentials;
};

const ACCEPT = "application/json";

/** Sends a GET that is signed under this scheme now; returns the status, and the body of a denial. */
export async function sendUnder(scheme: SchemeName, call: MoveCall, agent?: Agent): Promise<string> {
  const { credentials, ...rest } = call;
  const { headers } = schemeNamed(scheme).sign(
    { method: "GET", path: call.path, authority: call.host, headers: [["accept", ACCEPT]] },
    { keyId: credentials.key, secret: credentials.secret, algorithm: "hmac-sha256" },
    new Date(),
  );
  const own = { headers: { accept: ACCEPT, ...Object.fromEntries(headers) }, ...(agent ? { agent } : {}) };
  const { status, body } = await send({ ...rest, ...own });
  return status === 200 ? "200" : `${status} ${body}`;
}

/** One caller: it sends the next request once the last one is answered, and signs each under its present scheme. */
class MovingCaller {
  scheme: SchemeName;
  /** Accepted since the last change of the scheme. */
  accepted = 0;
  /** What was not answered with 200, in words. */
  readonly denials: string[] = [];
  readonly #call: MoveCall;
  readonly #agent = new Agent({ keepAlive: true });
  #isStopped = false;
  readonly #running: Promise<void>;

  constructor(scheme: SchemeName, call: MoveCall) {
    this.scheme = scheme;
    this.#call = call;
    this.#running = this.#callOnAndOn();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
    this.#agent.destroy();
  }

  async #callOnAndOn(): Promise<void> {
    while (!this.#isStopped) {
      const { scheme } = this;
      const outcome = await sendUnder(scheme, this.#call, this.#agent).catch(String);
      if (outcome !== "200") this.denials.push(`${scheme}: ${outcome}`);
      else if (scheme === this.scheme) this.accepted += 1;
    }
  }
}

/** Several callers of one Application, which call all the time and change their scheme one after the other. */
export class MovingCallers {
  readonly #callers: readonly MovingCaller[];

  constructor(count: number, scheme: SchemeName, call: MoveCall) {
    this.#callers = Array.from({ length: count }, () => new MovingCaller(scheme, call));
  }

  get denials(): readonly string[] {
    return this.#callers.flatMap(({ denials }) => denials);
  }

  /** Resolves when each caller has had so many more requests accepted; fails as soon as one is denied. */
  async callOn(times: number): Promise<void> {
    const before = this.#callers.map(({ accepted }) => accepted);
    await eventually(
      () => {
        const [denial] = this.denials;
        if (denial !== undefined) throw new Hopeless(`a request was denied: ${denial}`);
        return this.#callers.every(({ accepted }, at) => accepted >= (before[at] ?? 0) + times);
      },
      { timeoutMs: 60_000 },
    );
  }

  /** Lets one caller after the other sign under another scheme. `between` runs while all but the last still have to move. */
  async moveTo(scheme: SchemeName, between: () => Promise<void>): Promise<void> {
    for (const [at, caller] of this.#callers.entries()) {
      caller.scheme = scheme;
      caller.accepted = 0;
      await this.callOn(10);
      if (at === 0) await between();
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#callers.map((caller) => caller.stop()));
  }
}
