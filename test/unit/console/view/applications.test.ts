import { expect, test } from "@jest/globals";
import type { Application } from "../../../../src/api/application.ts";
import { applicationRow } from "../../../../src/console/view/applications.ts";

const application = (status: object) =>
  ({
    kind: "Application",
    metadata: { name: "mobile-app", namespace: "team-shop", creationTimestamp: "2026-01-01T00:00:00Z" },
    spec: {},
    status,
  }) as unknown as Application;

test("the line of an Application has the last use that its status reports", () => {
  const lastUsedTime = "2026-11-28T12:00:00Z";
  expect(applicationRow(application({ lastUsedTime })).lastUsedAt).toBe(lastUsedTime);
});

test("without a recorded use there is no time", () => {
  expect(applicationRow(application({}))).not.toHaveProperty("lastUsedAt");
});
