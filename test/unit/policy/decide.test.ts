import { describe, expect, test } from "@jest/globals";
import type { Projection } from "../../../src/projection/documents.ts";
import { ask } from "../../support/decisions.ts";
import { application, domain, grant } from "../../support/documents.ts";

test("a signed and granted request is allowed, and the decision names the caller and the API", () => {
  const decision = ask([application(), grant({ plan: "gold" }), domain()]);
  if (decision.kind !== "allow") throw new Error(decision.code);
  const { applicationId, application: name, keyId, environment, api, plan, form, openVariants } = decision;
  expect({
    applicationId,
    name,
    keyId,
    environment,
    api,
    grant: decision.grant,
    plan,
    form,
    openVariants,
  }).toEqual({
    applicationId: "app-mobile00",
    name: "team-shop/mobile-app",
    keyId: "APIDmobile",
    environment: "release",
    api: "team-shop/orders",
    grant: "team-shop/orders",
    plan: "gold",
    form: "documented",
    openVariants: [],
  });
});

test("nothing about the caller is revealed before the signature is valid", () => {
  const unsigned = ask([application({ suspended: true }), grant(), domain()], { secret: "wrong" });
  expect(unsigned).toMatchObject({ kind: "deny", code: "SignatureMismatch", caller: undefined });
  expect(ask([application({ suspended: true }), grant(), domain()])).toMatchObject({
    caller: { applicationId: "app-mobile00" },
  });
});

describe("of several grants that admit the caller", () => {
  const grants = [
    grant({ name: "late", createdAt: "2026-01-03T00:00:00Z", plan: "late" }),
    grant({ name: "b", createdAt: "2026-01-02T00:00:00Z", plan: "second" }),
    grant({ name: "a", createdAt: "2026-01-02T00:00:00Z", plan: "first" }),
  ];
  const grantAndPlan = (world: readonly Projection[]) => {
    const decision = ask([application(), ...world, domain()]);
    return decision.kind === "allow" && `${decision.grant} ${decision.plan}`;
  };

  test("the oldest decides the plan, and the first by name among those of one age", () => {
    expect(grantAndPlan(grants)).toBe("team-shop/a first");
    expect(grantAndPlan(grants.toReversed())).toBe("team-shop/a first");
  });

  test("one that is not in force is ignored", () => {
    const [late, second, first] = grants;
    if (!late || !second || !first) throw new Error("there are three");
    expect(grantAndPlan([late, { ...second, suspended: true }, { ...first, suspended: true }])).toBe(
      "team-shop/late late",
    );
  });
});
