import { describe, expect, test } from "@jest/globals";
import { explore } from "../../model/protocol/explore.ts";
import type { Weakness } from "../../model/protocol/operatorSteps.ts";
import type { Budget } from "../../model/protocol/state.ts";

/** Each explores a few hundred thousand states; the larger ones of `COUNTERSIGN_PROTOCOL=all` a few million, in minutes. */
const SMALL: readonly Budget[] = [
  { writes: 1, operatorRestarts: 1, verifierStarts: 1, cuts: 1, forgets: 1 },
  { writes: 1, operatorRestarts: 0, verifierStarts: 2, cuts: 1, forgets: 0 },
  { writes: 2, operatorRestarts: 1, verifierStarts: 1, cuts: 0, forgets: 0 },
];
const LARGE: readonly Budget[] = [
  { writes: 1, operatorRestarts: 1, verifierStarts: 2, cuts: 1, forgets: 1 },
  { writes: 2, operatorRestarts: 1, verifierStarts: 2, cuts: 1, forgets: 0 },
];
const budgets = process.env.COUNTERSIGN_PROTOCOL === "all" ? [...SMALL, ...LARGE] : SMALL;

describe("once a removal is reported as done, no verifier that is not forgotten allows what was removed:", () => {
  test.each(budgets.map((budget) => [JSON.stringify(budget), budget] as const))(
    "in every order of %s",
    (_, budget) => {
      const { states, violation } = explore(budget);
      expect(violation).toBeUndefined();
      expect(states).toBeGreaterThan(100_000);
    },
    1_200_000,
  );
});

describe("the exploration finds the hole when", () => {
  const weaknesses: Record<Weakness, Budget> = {
    "removals wait for live verifiers only": minimal({}),
    "a removal is forgotten at the next write": minimal({ writes: 2 }),
    "a removal is forgotten when the operator restarts": minimal({ operatorRestarts: 1 }),
    "a Pod is read before the Leases are listed": minimal({ verifierStarts: 1 }),
    "a Lease that changed meanwhile is deleted too": minimal({ verifierStarts: 1 }),
    "a Lease expires before its verifier has fenced itself": minimal({}),
    "a list from before the write counts": minimal({ verifierStarts: 1 }),
  };
  test.each(Object.entries(weaknesses))("%s", (weakness, budget) => {
    const { violation } = explore(budget, weakness as Weakness);
    expect(violation?.at(-1)).toBe("the operator reports it as programmed");
    expect(explore(budget).violation).toBeUndefined();
  });
});

function minimal(more: Partial<Budget>): Budget {
  return { writes: 1, operatorRestarts: 0, verifierStarts: 0, cuts: 0, forgets: 0, ...more };
}
