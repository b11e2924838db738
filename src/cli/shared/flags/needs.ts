import type { Command } from "commander";
import { CliFailure, USAGE } from "../failure.ts";

/**
 * Rejects flags that have no effect without one of the others, such as `--parameters` without a key, so that no flag is silently
 * ignored. The names are those of commander: `tlsDir` for `--tls-dir`.
 */
export function needs(command: Command, rules: Readonly<Record<string, readonly string[]>>): Command {
  const isGiven = (name: string) => command.getOptionValueSource(name) === "cli";
  return command.hook("preAction", () => {
    for (const [name, others] of Object.entries(rules))
      if (isGiven(name) && !others.some(isGiven))
        throw new CliFailure(
          `${flag(name)} has no effect without ${others.map(flag).join(" or ")}: add it, or leave ${flag(name)} out`,
          USAGE,
        );
  });
}

function flag(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
