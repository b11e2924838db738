import type { Call } from "../transport.ts";

/** A call as the handler sees it. */
export class ReceivedCall implements Call {
  readonly message: Buffer;
  readonly #incoming: Omit<Call, "message">;

  constructor(message: Buffer, incoming: Omit<Call, "message">) {
    this.message = message;
    this.#incoming = incoming;
  }

  get deadline(): number {
    return this.#incoming.deadline;
  }

  get isOver(): boolean {
    return this.#incoming.isOver;
  }

  header(name: string): string | undefined {
    return this.#incoming.header(name);
  }
}
