import { InvalidArgumentError, Option } from "commander";

/** `--at`: the time of a decision. Its parsed value is in epoch milliseconds. */
export function timeOption(): Option {
  const text = "decide as at this time, such as 2026-12-01T00:00:00Z (default: now)";
  return new Option("--at <time>", text).argParser(time);
}

function time(text: string): number {
  const found = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(found)) throw new InvalidArgumentError("Write a time such as 2026-11-24T09:00:00Z.");
  return found;
}
