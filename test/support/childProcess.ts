import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { guard, unguard } from "./guard.ts";

/**
 * A started program: what it printed, how to wait for a line, and how to end it. A test stops what it starts; what it
 * forgets, or cannot stop because it failed, keeps no test process alive and is killed when that process is gone.
 */
export class Program {
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #watchers = new Set<() => void>();
  #output = "";
  #stdout = "";
  #hasEnded = false;
  /** Resolves with the exit code, or with the signal's name, once the process has ended and all it printed has been read. */
  readonly ended: Promise<number | NodeJS.Signals>;

  constructor(
    command: string,
    args: readonly string[],
    options: { env?: NodeJS.ProcessEnv; cwd?: string; name?: string } = {},
  ) {
    this.#name = options.name ?? command;
    this.#child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    if (this.#child.pid) guard(this.#child.pid);
    this.#listen(this.#child.stdout as Socket, true);
    this.#listen(this.#child.stderr as Socket, false);
    this.#child.unref();
    this.ended = new Promise((resolve) => {
      this.#child.on("error", (error) => this.#hear(`${error.message}\n`, false));
      this.#child.on("exit", () => unguard(this.pid));
      this.#child.on("close", (code, signal) => {
        this.#hasEnded = true;
        resolve(signal ?? code ?? -1);
      });
    });
    void this.ended.then(() => this.#tell());
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Everything it printed so far, both streams in the order of arrival (the last megabyte). */
  get output(): string {
    return this.#output;
  }

  get stdout(): string {
    return this.#stdout;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Waits until what it printed matches; fails with the output when it ends first or the time is over. */
  waitFor(pattern: RegExp, timeoutMs = 30_000): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const finish = (act: () => void) => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        act();
      };
      const look = () => {
        const match = pattern.exec(this.#output);
        if (match) finish(() => resolve(match));
        else if (this.hasEnded) finish(() => reject(this.#failure(`ended before it printed ${pattern}`)));
      };
      const timer = setTimeout(
        () => finish(() => reject(this.#failure(`did not print ${pattern} in ${timeoutMs} ms`))),
        timeoutMs,
      );
      this.#watchers.add(look);
      look();
    });
  }

  /** Sends it a signal (default: SIGTERM) and waits until it has ended; after ten seconds, kills it. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | NodeJS.Signals> {
    this.#child.kill(signal);
    const force = setTimeout(() => this.#child.kill("SIGKILL"), 10_000);
    const how = await this.ended;
    clearTimeout(force);
    return how;
  }

  /** Sends a signal and waits for nothing. */
  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  #listen(stream: Socket, isStdout: boolean): void {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => this.#hear(text, isStdout));
    stream.unref();
  }

  #hear(text: string, isStdout: boolean): void {
    this.#output = (this.#output + text).slice(-1_000_000);
    if (isStdout) this.#stdout = (this.#stdout + text).slice(-1_000_000);
    this.#tell();
  }

  #tell(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  #failure(what: string): Error {
    return new Error(`${this.#name} ${what}; it printed:\n${this.#output.slice(-4_000)}`);
  }
}
