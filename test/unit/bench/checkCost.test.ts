import { expect, test } from "@jest/globals";
import { checkCost } from "../../../bench/lab/checkCost.ts";

test("a large body, which is hashed in slices, has a cost", async () => {
  const headers = [["content-type", "application/json"]] as const;
  const cost = await checkCost({ method: "POST", headers, body: Buffer.alloc(2 ** 21, "a") });
  expect(cost).toBeGreaterThan(0);
});
