import { describe, expect, test } from "@jest/globals";
import { KINDS } from "../../../../src/api/crds.ts";
import type { Schema } from "../../../../src/api/schema/schema.ts";
import {
  validateApiDomain,
  validateApiGrant,
  validateApplication,
} from "../../../../src/api/validation/validate.ts";
import { API_CASES, type ApiCase, objectOf } from "../../../cases/apiCases.ts";
import { SEVERAL_PROBLEMS } from "../../../cases/severalProblems.ts";

const VALIDATORS = {
  Application: validateApplication,
  ApiGrant: validateApiGrant,
  ApiDomain: validateApiDomain,
};

/** Each side words its messages for type, enum or bound itself; messages of CEL rules are equal to the letter. */
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

/** The problems of an object, as fields and messages. */
function problemsOf(kind: ApiCase["kind"], spec: object) {
  const result = VALIDATORS[kind](objectOf({ kind, spec }, "x"));
  return result.ok ? [] : result.problems;
}
const WAITING = { field: "", message: expect.stringContaining("some rules read the fields above") };

describe("all problems of an object are reported in one go", () => {
  test.each(Object.entries(SEVERAL_PROBLEMS))("%s", (_, { kind, spec, fields, waits }) => {
    const problems = problemsOf(kind, spec);
    expect(problems.map(({ field }) => field)).toEqual([...fields, ...(waits ? [""] : [])]);
    if (waits) expect(problems.at(-1)).toEqual(WAITING);
  });

  test("a rule that waits is checked once what it reads is right", () => {
    const spec = { environments: [{ name: "a", pathPrefix: "/x" }], namespaces: { names: ["x"] } };
    const twice = { ...spec, environments: [...spec.environments, { name: "b", pathPrefix: "/x/y" }] };
    expect(problemsOf("ApiDomain", { ...twice, hosts: "a.b" })).toEqual([
      { field: "spec.hosts", message: "must be array" },
      expect.objectContaining({
        field: "spec.environments",
        message: expect.stringContaining("may lie under"),
      }),
    ]);
  });

  test("20 of them are listed, and the others are counted", () => {
    const unknown = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`field${index}`, 1]));
    const problems = problemsOf("Application", { ...unknown, suspended: "soon" });
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)).toEqual({ field: "", message: "and 481 more problems: fix these first" });
  });
});

describe("an object that is larger than its schema allows", () => {
  const path = { type: "Exact", value: "/a" };
  const grant = (api: object) => ({
    environment: "release",
    apis: [{ name: "a", hosts: ["a.b"], paths: [path], ...api }],
    applications: [{ name: "a" }],
  });

  test("is checked no further than the bound, so that a huge list costs no more than a long one", () => {
    const problems = problemsOf(
      "ApiGrant",
      grant({ hosts: Array.from({ length: 1_000_000 }, (_, index) => index) }),
    );
    expect(problems[0]).toEqual({
      field: "spec.apis[0].hosts",
      message: "must have at most 8 items, and has 1000000",
    });
    expect(problems.filter(({ field }) => field.startsWith("spec.apis[0].hosts["))).toHaveLength(8);
  });

  test("has its other problems reported too", () => {
    const problems = problemsOf("ApiGrant", grant({ hosts: Array(17).fill("a.b"), name: "Other" }));
    expect(problems.map(({ field }) => field)).toContain("spec.apis[0].name");
  });

  test("has a map that is cut too", () => {
    const labels = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`a${index}`, 1]));
    const spec = { hosts: ["a.b"], namespaces: { selector: { matchLabels: labels } } };
    expect(problemsOf("ApiDomain", spec)[0]).toEqual({
      field: "spec.namespaces.selector.matchLabels",
      message: "must have at most 16 entries, and has 40",
    });
  });

  const unbounded = (schema: Schema, path: string): readonly string[] => [
    ...(schema.items && schema.maxItems === undefined ? [path] : []),
    ...(schema.additionalProperties && schema.maxProperties === undefined ? [path] : []),
    ...(schema.items ? unbounded(schema.items, `${path}[]`) : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, of]) => unbounded(of, `${path}.${name}`)),
  ];
  test.each(KINDS.map(({ kind, spec }) => [kind, spec] as const))(
    "is possible in no field of %s: every list and map has a bound",
    (_, spec) => {
      expect(unbounded(spec, "spec")).toEqual([]);
    },
  );
});

describe("a spec is held once", () => {
  test("a spec that has every default is returned as it is", () => {
    const { spec } = spelledOut();
    expect(resultOf(spec)).toBe(spec);
  });

  test("a spec without its defaults is left alone, and the returned one needs no second look", () => {
    const spec = { displayName: "Mobile app" };
    const full = resultOf(spec);
    expect(full).toMatchObject({ suspended: false });
    expect(spec).toEqual({ displayName: "Mobile app" });
    expect(resultOf(full)).toBe(full);
  });

  test("a spec that was found valid is still compared with the old one", () => {
    const inClass = (className: string) => objectOf({ kind: "Application", spec: { className } }, "x");
    const valid = validateApplication(inClass("internal"));
    const object = { ...inClass("internal"), spec: valid.ok ? valid.spec : {} };
    expect(validateApplication(object).ok).toBe(true);
    expect(validateApplication(object, inClass("external")).ok).toBe(false);
  });

  /** An Application's spec with all that defaults would add. */
  function spelledOut() {
    const result = validateApplication(objectOf({ kind: "Application", spec: {} }, "x"));
    if (!result.ok) throw new Error("an empty spec is valid");
    return { spec: structuredClone(result.spec) };
  }

  function resultOf(spec: object): object {
    const result = validateApplication(objectOf({ kind: "Application", spec }, "x"));
    return result.ok ? result.spec : {};
  }
});
