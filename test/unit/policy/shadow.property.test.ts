import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { decodedPath } from "../../../src/api/path.ts";
import type { ApiGrantProjection, GrantedPath } from "../../../src/projection/documents.ts";
import { type Asked, ask, verdict } from "../../support/decisions.ts";
import { application, domain, grant } from "../../support/documents.ts";

const HOST = "api.shop.example.com";
const PATHS = ["/", "/a", "/a/b", "/a/b/c", "/b", "/%61", "/a/%62", "/%61/b/c", "/test/a", "//a"];

const path: fc.Arbitrary<GrantedPath> = fc.oneof(
  fc.record({
    type: fc.constantFrom("Exact" as const, "PathPrefix" as const),
    value: fc.constantFrom("/", "/a", "/a/b", "/b"),
  }),
  fc.record({
    type: fc.constant("TencentPath" as const),
    value: fc.constantFrom("=/a", "^~/a", "/a", "/{x}", "/{x}/b"),
  }),
  fc.record({
    type: fc.constant("Template" as const),
    value: fc.constantFrom("/a/{x}", "/{x}/b", "/{x}"),
  }),
);
const anyGrant = fc
  .record({
    path,
    methods: fc.subarray(["GET", "POST"]),
    suspended: fc.constantFrom(false, false, true),
    isShadow: fc.constantFrom(true, true, false),
    namespace: fc.constantFrom("team-shop", "team-shop", "team-other"),
    application: fc.constantFrom("mobile-app", "other-app"),
    environment: fc.constantFrom("release", "release", "test"),
  })
  .map(({ path: one, methods, isShadow, application: name, ...rest }) => ({
    ...grant(rest),
    apis: [{ name: "api", hosts: [HOST], paths: [one], methods }],
    applications: [{ kind: "name" as const, name }],
    ...(isShadow ? { enforcement: "Shadow" as const } : {}),
  }));
const grants = fc
  .array(anyGrant, { minLength: 1, maxLength: 5 })
  .map((all) => all.map((one, at) => ({ ...one, name: `grant-${at}`, uid: `uid-${at}` })));
const requests: fc.Arbitrary<Asked> = fc.record({
  path: fc.constantFrom(...PATHS),
  method: fc.constantFrom("GET", "POST"),
  unsigned: fc.boolean(),
});

const isShadow = ({ enforcement }: ApiGrantProjection) => enforcement === "Shadow";
const decide = (all: readonly ApiGrantProjection[], asked: Asked) =>
  ask([application(), domain(), ...all], asked);

/** Whether a grant names a path of the host, by the words of docs/concepts.md. */
function names({ namespace, environment, apis }: ApiGrantProjection, requested: string): boolean {
  if (namespace !== "team-shop") return false;
  const isTest = requested === "/test" || requested.startsWith("/test/");
  if (environment !== (isTest ? "test" : "release")) return false;
  const rest = isTest ? requested.slice(5) || "/" : requested;
  return apis.some(({ paths }) => paths.some((one) => covers(one, rest)));
}

function covers({ type, value }: GrantedPath, requested: string): boolean {
  if (type === "TencentPath") return coversTencent(value, requested);
  if (type === "Exact") return requested === value;
  if (type === "PathPrefix") return value === "/" || requested === value || requested.startsWith(`${value}/`);
  const pattern = value.replaceAll(/\{\w+\}/g, "[^/]+");
  return new RegExp(`^${pattern}$`).test(requested);
}

/** Variables of the vendor's notation are greedy over segments. */
function coversTencent(value: string, requested: string): boolean {
  if (value.startsWith("=")) return requested === value.slice(1);
  if (value.startsWith("^~")) return requested.startsWith(value.slice(2));
  if (!value.includes("{")) return requested.startsWith(value);
  return new RegExp(`^${value.replaceAll(/\{\w+\}/g, ".+")}$`).test(requested);
}

test("Shadow grants change no enforced decision, and enforced is what any Enforce grant names", () => {
  const seen = { Enforce: 0, Shadow: 0 };
  fc.assert(
    fc.property(grants, requests, (all, asked) => {
      const decision = decide(all, asked);
      const alone = decide(
        all.filter((one) => !isShadow(one)),
        asked,
      );
      seen[decision.enforcement] += 1;
      const enforcing = all.filter((one) => !isShadow(one));
      const readings = [asked.path ?? "", decodedPath(asked.path ?? "")];
      if (enforcing.some((one) => readings.some((reading) => names(one, reading))))
        expect(decision.enforcement).toBe("Enforce");
      if (decision.enforcement === "Shadow") return;
      expect(verdict(decision)).toBe(verdict(alone));
      if (decision.kind === "allow" && alone.kind === "allow") expect(decision.grant).toBe(alone.grant);
    }),
    { numRuns: 4_000 },
  );
  expect(Math.min(seen.Enforce, seen.Shadow)).toBeGreaterThan(100);
});

test("the verdict on a shadowed request is the one that the same grants would enforce", () => {
  let shadowed = 0;
  fc.assert(
    fc.property(grants, requests, (all, asked) => {
      const decision = decide(all, asked);
      if (decision.enforcement === "Enforce") return;
      shadowed += 1;
      const enforcing = all.map(({ enforcement: _, ...one }) => one);
      const enforced = decide(enforcing, asked);
      expect(enforced.enforcement).toBe("Enforce");
      expect(verdict(decision)).toBe(verdict(enforced));
    }),
    { numRuns: 3_000 },
  );
  expect(shadowed).toBeGreaterThan(100);
});
