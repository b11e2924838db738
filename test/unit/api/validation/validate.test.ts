import { describe, expect, test } from "@jest/globals";
import {
  validateApiDomain,
  validateApiGrant,
  validateApplication,
} from "../../../../src/api/validation/validate.ts";
import { API_CASES, type ApiCase, objectOf } from "../../../cases/apiCases.ts";

const VALIDATORS = {
  Application: validateApplication,
  ApiGrant: validateApiGrant,
  ApiDomain: validateApiDomain,
};

/** A refusal for type, enum or bound is worded by each side in its own way; what CEL says is the same to the letter. */
const said = (problems: readonly { field: string; message: string }[]) =>
  problems.map(({ field, message }) => `${field}: ${message}`).join("\n");

describe("standalone decides as the API server does on", () => {
  test.each(Object.entries(API_CASES))("%s", (_, row: ApiCase) => {
    const object = objectOf(row, row.name ?? "x");
    const old = row.old ? objectOf({ ...row, spec: row.old }, "x") : undefined;
    const result = VALIDATORS[row.kind](object, old);
    if (row.refused === undefined) expect(result).toMatchObject({ ok: true, spec: row.becomes ?? {} });
    else {
      expect(result.ok).toBe(false);
      expect(result.ok ? "" : said(result.problems)).toContain(row.refused);
    }
  });
});

test("the object that is checked is not changed by it", () => {
  const object = objectOf({ kind: "Application", spec: {} }, "x");
  validateApplication(object);
  expect(object.spec).toEqual({});
});

test("the field of a problem is named as Kubernetes names it", () => {
  const spec = {
    hosts: ["a.b"],
    namespaces: { names: ["x"] },
    environments: [{ name: "A", pathPrefix: "/" }],
  };
  const result = validateApiDomain(objectOf({ kind: "ApiDomain", spec }, "x"));
  expect(result.ok ? [] : result.problems.map((problem) => problem.field)).toEqual([
    "spec.environments[0].name",
  ]);
});
