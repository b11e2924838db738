import type fc from "fast-check";
import type { Session, Until } from "../session.ts";
import type { World } from "../world.ts";

/** Something that is done to the line, and how far is waited before the next. */
export class Act implements fc.AsyncCommand<World, Session> {
  readonly #text: string;
  readonly #until: Until;
  readonly #perform: (session: Session) => Promise<void>;
  readonly #isPossible: (world: Readonly<World>) => boolean;

  constructor(
    text: string,
    until: Until,
    perform: (session: Session) => Promise<void>,
    isPossible: (world: Readonly<World>) => boolean = () => true,
  ) {
    this.#text = text;
    this.#until = until;
    this.#perform = perform;
    this.#isPossible = isPossible;
  }

  check(world: Readonly<World>): boolean {
    return this.#isPossible(world);
  }

  run(_: World, session: Session): Promise<void> {
    return session.act(this.#until, () => this.#perform(session));
  }

  toString(): string {
    return this.#until === "rest" ? this.#text : `${this.#text} (${this.#until})`;
  }
}
