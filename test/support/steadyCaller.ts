import { Agent } from "node:http";
import { setTimeout as after } from "node:timers/promises";
import { type Call, type Credentials, send } from "./caller.ts";

const READ_EVERY_MS = 100;
const CALL_EVERY_MS = 5;

/** More than this many under way: the machine is too slow for the rate, and waiting calls would only grow old. */
const MOST_UNDER_WAY = 64;

/** A caller as a well-made one is: it reads its key pair again every 100 ms, and calls 200 times a second over kept connections. */
export class SteadyCaller {
  /** What was not answered with 200, in words. */
  readonly refusals: string[] = [];
  /** How often the key pair was read. */
  reads = 0;
  readonly #accepted = new Map<string, number>();
  readonly #call: Call;
  readonly #read: () => Promise<Credentials>;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #stop = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  #reading: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #credentials: Credentials | undefined;

  constructor(call: Call, read: () => Promise<Credentials>) {
    this.#call = call;
    this.#read = read;
  }

  start(): void {
    this.#reading = this.#readOnAndOn();
    const began = performance.now();
    let due = 0;
    // A timer that comes late makes up for it.
    this.#timer = setInterval(() => {
      for (; due < (performance.now() - began) / CALL_EVERY_MS; due++) this.#callOnce();
    }, CALL_EVERY_MS);
  }

  /** The keys that a call was accepted with, in the order of their first use. */
  get keys(): readonly string[] {
    return [...this.#accepted.keys()];
  }

  /** How many calls were accepted: with this key, or with any. */
  accepted(key?: string): number {
    if (key !== undefined) return this.#accepted.get(key) ?? 0;
    return [...this.#accepted.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Calls no more; resolves when the last call is answered. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    await this.#reading;
    await Promise.all(this.#underWay);
    this.#agent.destroy();
  }

  async #readOnAndOn(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        this.#credentials = await this.#read();
        this.reads++;
      } catch (error) {
        this.refusals.push(`the key pair could not be read: ${error}`);
      }
      await after(READ_EVERY_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  #callOnce(): void {
    const credentials = this.#credentials;
    if (!credentials || this.#underWay.size >= MOST_UNDER_WAY) return;
    const call = this.#send(credentials);
    this.#underWay.add(call);
    void call.then(() => this.#underWay.delete(call));
  }

  async #send(credentials: Credentials): Promise<void> {
    const { key } = credentials;
    try {
      const { status, body } = await send({ ...this.#call, credentials, agent: this.#agent });
      if (status === 200) this.#accepted.set(key, this.accepted(key) + 1);
      else this.refusals.push(`key ${key}, after ${this.keys.length} others: ${status} ${body}`);
    } catch (error) {
      this.refusals.push(`key ${key}: ${error}`);
    }
  }
}
