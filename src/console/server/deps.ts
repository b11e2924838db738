import type { Knowledge } from "../knowledge/knowledge.ts";
import type { ConsoleSource } from "../source.ts";
import type { Assets } from "./assets.ts";
import type { Revision } from "./revision.ts";
import type { Session } from "./session.ts";

/** What the console's server is made from. */
export interface ConsoleDeps {
  readonly source: ConsoleSource;
  readonly session: Session;
  readonly assets: Assets;
  readonly revision: Revision;
  readonly knowledge: Knowledge;
  /** Of Countersign. */
  readonly version: string;
  /** The port that the server listens on. */
  readonly port: () => number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
