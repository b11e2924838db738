import { expect, test } from "@jest/globals";
import type { Finding } from "../../../src/doctor/finding.ts";
import { exitStatus } from "../../../src/doctor/findingReport.ts";

test("the exit status distinguishes problems from checks that could not run", () => {
  const finding = (id: Finding["id"], severity: Finding["severity"]): Finding => ({
    id,
    severity,
    where: "",
    seen: "",
  });
  expect(exitStatus([finding("body-limit", "ok"), finding("headers-joined", "warning")])).toBe(0);
  expect(exitStatus([finding("cannot-look", "error")])).toBe(2);
  expect(exitStatus([finding("cannot-look", "error"), finding("body-limit", "error")])).toBe(1);
});
