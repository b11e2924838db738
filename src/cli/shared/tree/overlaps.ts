import { TooManyOverlaps } from "../../../access/requests/representatives.ts";
import { CliFailure, USAGE } from "../failure.ts";

/** The items of an analysis. Throws CliFailure with the remedy if it would take too long. */
export function* overlapsReported<T>(items: () => Iterable<T>): Generator<T> {
  try {
    yield* items();
  } catch (error) {
    if (!(error instanceof TooManyOverlaps)) throw error;
    throw new CliFailure(
      "the paths of one host overlap in too many ways to be analysed: give its APIs paths whose first segments are literal",
      USAGE,
    );
  }
}
