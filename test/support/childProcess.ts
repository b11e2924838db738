import { type ChildProcess, spawn } from "node:child_process";

/** A started program: what it printed, how to wait for a line, and how to end it. */
export class Program {
  readonly #child: ChildProcess;
  readonly #name: string;
  readonly #watchers = new Set<() => void>();
  #output = "";
  #stdout = "";
  /** Resolves with the exit code, or with the signal's name, once the process has ended and all it printed has been read. */
  readonly ended: Promise<number | NodeJS.Signals>;

  constructor(
    command: string,
    args: readonly string[],
    options: { env?: NodeJS.ProcessEnv; cwd?: string; name?: string } = {},
  ) {
    this.#name = options.name ?? command;
    this.#child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    running.add(this.#child);
    this.#child.stdout?.on("data", (chunk: Buffer) => this.#hear(chunk.toString(), true));
    this.#child.stderr?.on("data", (chunk: Buffer) => this.#hear(chunk.toString(), false));
    this.ended = new Promise((resolve) => {
      this.#child.on("error", (error) => this.#hear(`${error.message}\n`, false));
      this.#child.on("close", (code, signal) => {
        running.delete(this.#child);
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
    return !running.has(this.#child);
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

  /** Asks it to end, by SIGTERM unless told otherwise, and waits until it has; after ten seconds by force. */
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

const running = new Set<ChildProcess>();

// Whatever ends this process, a failed test too, ends what it started.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
