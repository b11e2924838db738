import { InvalidArgumentError, Option } from "commander";
import type { LastUseOptions } from "../../../operator/ports.ts";
import { duration } from "./optionValues.ts";

const DAY_MS = 86_400_000;
const DEFAULT_UNUSED_AFTER = "90d";

/** The flags of the commands that run an operator. */
export interface LastUseFlags {
  readonly lastUse?: boolean;
  /** Milliseconds. */
  readonly unusedAfter: number;
}

/** The options of these flags. */
export function lastUseOptions(): readonly Option[] {
  return [
    new Option(
      "--last-use",
      "write the day on which keys and grants were last used to the status of Applications and ApiGrants",
    ),
    new Option(
      "--unused-after <days>",
      "with --last-use: what was not used for this long gets the condition Unused",
    )
      .argParser(days)
      .default(days(DEFAULT_UNUSED_AFTER), DEFAULT_UNUSED_AFTER),
  ];
}

/** How the operator records last use, by these flags; undefined if it does not. */
export function lastUseOf({ lastUse = false, unusedAfter }: LastUseFlags): LastUseOptions | undefined {
  return lastUse ? { unusedAfterMs: unusedAfter } : undefined;
}

/** Parses days such as `30d`, or a duration of a day at least, to milliseconds. Throws InvalidArgumentError. */
export function days(text: string): number {
  const whole = /^([1-9][0-9]{0,3})d$/.exec(text)?.[1];
  const ms = whole === undefined ? duration(text) : Number(whole) * DAY_MS;
  if (ms < DAY_MS) throw new InvalidArgumentError("Write a day or more, for example 30d or 720h.");
  return ms;
}
