import { expect, test } from "@jest/globals";
import { ask } from "../../support/decisions.ts";
import { application, domain, grant } from "../../support/documents.ts";

test("a signed and granted request is allowed, and the answer says who called what", () => {
  expect(ask([application(), grant({ plan: "gold" }), domain()])).toEqual({
    kind: "allow",
    applicationId: "app-mobile00",
    application: "team-shop/mobile-app",
    keyId: "APIDmobile",
    environment: "release",
    api: "team-shop/orders",
    grant: "team-shop/orders",
    plan: "gold",
    form: "documented",
    openVariants: [],
  });
});

test("nothing about the caller is told before the signature is valid", () => {
  expect(ask([application({ suspended: true }), grant(), domain()], { secret: "wrong" })).not.toHaveProperty(
    "caller",
  );
  expect(ask([application({ suspended: true }), grant(), domain()])).toMatchObject({
    caller: { applicationId: "app-mobile00" },
  });
});
