import { afterAll, beforeAll, describe, test } from "@jest/globals";
import fc from "fast-check";
import { commands, furnish } from "./commands/all.ts";
import type { Line } from "./line.ts";
import { type Names, namesOf } from "./names.ts";
import { Session } from "./session.ts";

/** One kind of store, with everything around it. */
export interface Stage {
  /** A whole line, which holds no object with these names yet. */
  line(names: Names): Promise<Line>;
  stop(): Promise<void>;
}

export interface ModelOptions {
  /** How many sequences are played, unless COUNTERSIGN_MODEL_RUNS is set. */
  readonly runs: number;
  /** Milliseconds that one of them may take on a slow machine. */
  readonly runMs: number;
  /** Whether a sequence that fails is made shorter, which plays it many times. */
  readonly shrinks: boolean;
}

/** Plays random sequences of what people do on a whole line, and compares what it lets through with the model. */
export function describeModel(name: string, setStage: () => Promise<Stage>, options: ModelOptions): void {
  const numRuns = Number(process.env.COUNTERSIGN_MODEL_RUNS ?? options.runs);
  const seed = process.env.COUNTERSIGN_MODEL_SEED;
  describe(`on the ${name} store`, () => {
    let stage: Stage;
    let run = 0;
    beforeAll(async () => {
      stage = await setStage();
    }, 120_000);
    afterAll(async () => stage?.stop());

    test(
      "after any changes in any order, exactly the entitled callers may call",
      () =>
        fc.assert(
          fc.asyncProperty(fc.commands(commands(), { maxCommands: 12, size: "max" }), async (sequence) => {
            const names = namesOf(run++);
            const session = new Session(await stage.line(names), names);
            try {
              await furnish(session);
              await fc.asyncModelRun(() => ({ model: session.world, real: session }), sequence);
              await session.rest();
              await session.end();
            } finally {
              await session.line.stop();
            }
          }),
          {
            numRuns,
            endOnFailure: !options.shrinks,
            interruptAfterTimeLimit: numRuns * options.runMs,
            // Too slow to have played them all is no success.
            markInterruptAsFailure: true,
            ...(seed === undefined ? {} : { seed: Number(seed) }),
          },
        ),
      numRuns * options.runMs + 60_000,
    );
  });
}
