import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { findRedis } from "../parts/redis.ts";
import type { Pair } from "./certificates.ts";
import { Program } from "./childProcess.ts";
import { reservePort } from "./ports.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

export interface RedisOptions {
  /** Lines of the server's configuration. */
  readonly lines?: readonly string[];
  /** Speak TLS alone, with this certificate, to clients with a certificate of this authority (PEM). */
  readonly tls?: { readonly server: Pair; readonly authority: string };
}

/** A Valkey or Redis server on a port of its own, which can be killed, stopped in place and started again. */
export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  #program: Program | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  static async start(options: RedisOptions = {}): Promise<RedisServer> {
    const server = new RedisServer(await reservePort(), await temporaryFolder("redis"));
    await server.#configure(options);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it again with the same configuration, and without data. */
  async start(): Promise<void> {
    const program = new Program(await findRedis(), [join(this.#folder, "redis.conf")], { name: "redis" });
    this.#program = program;
    await program.waitFor(/Ready to accept connections/);
  }

  /** SIGKILL; resolves when it has ended. */
  async kill(): Promise<void> {
    await this.#program?.stop("SIGKILL");
  }

  /** Lets it hang: connections stay open, and nothing replies until `resume`. */
  pause(): void {
    this.#program?.kill("SIGSTOP");
  }

  resume(): void {
    this.#program?.kill("SIGCONT");
  }

  async #configure({ lines = [], tls }: RedisOptions): Promise<void> {
    const file = (name: string) => join(this.#folder, name);
    const plain = ["bind 127.0.0.1", `dir ${this.#folder}`, 'save ""', "daemonize no", ...lines];
    const ports = tls ? ["port 0", `tls-port ${this.port}`] : [`port ${this.port}`];
    if (tls) {
      await writeFile(file("server.crt"), tls.server.certificate);
      await writeFile(file("server.key"), tls.server.key, { mode: 0o600 });
      await writeFile(file("ca.crt"), tls.authority);
      ports.push(
        ...[`tls-cert-file ${file("server.crt")}`, `tls-key-file ${file("server.key")}`],
        `tls-ca-cert-file ${file("ca.crt")}`,
      );
    }
    await writeFile(file("redis.conf"), [...plain, ...ports, ""].join("\n"), { mode: 0o600 });
  }
}
