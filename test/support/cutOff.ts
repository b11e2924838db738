import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { listen } from "./ports.ts";

/** A way to the API server that can be cut and restored: open connections end, and new ones are refused. */
export class CutOff {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  constructor(target: number) {
    this.#server = createServer((near) => this.#join(near, target));
    this.#server.unref();
  }

  /** Where the way begins, on a port that the system picked. */
  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  listen(): Promise<void> {
    return listen(this.#server);
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  restore(): void {
    this.#isCut = false;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #join(near: Socket, target: number): void {
    if (this.#isCut) return void near.destroy();
    const far = connect(target, "127.0.0.1");
    this.#keep(near, far);
    this.#keep(far, near);
    near.pipe(far);
    far.pipe(near);
  }

  /** The two ends of one connection end together. */
  #keep(socket: Socket, other: Socket): void {
    this.#sockets.add(socket);
    socket.unref();
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#sockets.delete(socket);
      other.destroy();
    });
  }
}

/** Starts a way to the server at this URL, which is on 127.0.0.1. */
export async function startCutOff(url: string): Promise<CutOff> {
  const cutOff = new CutOff(Number(new URL(url).port));
  await cutOff.listen();
  return cutOff;
}
