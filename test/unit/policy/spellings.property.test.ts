import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decide } from "../../../src/policy/decide.ts";
import { ProjectionIndex } from "../../../src/policy/index/projectionIndex.ts";
import type { GrantedPath } from "../../../src/projection/documents.ts";
import { HeaderLines, schemeNamed } from "../../../src/signing/scheme.ts";
import { application, domain, grant, stored } from "../../support/documents.ts";

const NOW = Date.parse("2026-11-24T09:00:00Z");
const HOST = "api.shop.example.com";
const KEY = { keyId: "APIDmobile", secret: "mobile-secret-mobile-secret", algorithm: "hmac-sha256" };

/** A world where mobile-app may call each of these paths, which are an API each: `team-shop/api-<position>`. */
function worldOf(paths: readonly GrantedPath[]): ProjectionIndex {
  const grants = paths.map((path, at) =>
    grant({ name: `grant-${at}`, apis: [{ name: `api-${at}`, hosts: [HOST], paths: [path], methods: [] }] }),
  );
  const index = new ProjectionIndex();
  index.replace([application(), domain(), ...grants].map((document) => stored(document)));
  return index;
}

/** The API that a caller reaches who signs the path as it sends it, or the code of the denial. */
function reached(index: ProjectionIndex, path: string): string {
  const request = { method: "GET", path, authority: HOST, headers: [] };
  const headers = new HeaderLines(schemeNamed("Tencent").sign(request, KEY, new Date(NOW)).headers);
  const checked = { request: { ...request, headers, body: { kind: "none" } as const }, context: {} };
  const decision = decide(checked, index, NOW);
  return decision.kind === "allow" ? decision.api : decision.code;
}

const segment = fc.constantFrom(
  "a",
  "admin",
  "test",
  "caf%C3%A9",
  "%E8%AE%A2%E5%8D%95",
  "%F0%9F%9B%92",
  "q%20r",
  "x%22y",
  "%7Bid%7D",
  "%5B1%5D",
);
const canonical = fc.array(segment, { minLength: 1, maxLength: 3 }).map((all) => `/${all.join("/")}`);
const template = fc
  .array(fc.oneof(segment, fc.constant("{id}")), { minLength: 1, maxLength: 3 })
  .map((all) => `/${all.join("/")}`);
const variables = fc
  .array(fc.oneof(segment, fc.constantFrom("{id}", "x{id}", "{id}x", "%C3%A9{user-id}")), {
    minLength: 1,
    maxLength: 3,
  })
  .map((all) => `/${all.join("/")}`);
const tencent = fc.oneof(
  canonical.map((path) => `=${path}`),
  canonical.map((path) => `^~${path}`),
  canonical,
  variables,
);
const granted: fc.Arbitrary<GrantedPath> = fc.oneof(
  fc.constant<GrantedPath>({ type: "PathPrefix", value: "/" }),
  canonical.map((value): GrantedPath => ({ type: "PathPrefix", value })),
  canonical.map((value): GrantedPath => ({ type: "Exact", value })),
  template.map((value): GrantedPath => ({ type: "Template", value })),
  tencent.map((value): GrantedPath => ({ type: "TencentPath", value })),
);

/** Every way to write one character or escape that URL parsers take for the same. */
function spellingsOf(token: string): readonly string[] {
  if (token === "/") return ["/"];
  if (token.length === 1) {
    const hex = (token.codePointAt(0) ?? 0).toString(16).padStart(2, "0");
    return [token, `%${hex}`, `%${hex.toUpperCase()}`];
  }
  const character = String.fromCharCode(Number.parseInt(token.slice(1), 16));
  return [token, token.toLowerCase(), ...(/[!-~]/.test(character) ? [character] : [])];
}

const spelt = canonical.chain((path) => {
  const tokens = path.match(/%[0-9A-F]{2}|./g) ?? [];
  const one = (token: string) => fc.constantFrom(...spellingsOf(token));
  return fc.tuple(
    fc.constant(path),
    fc.tuple(...tokens.map(one)).map((all) => all.join("")),
  );
});

describe("P1: the spellings of one path", () => {
  test("never reach two APIs: each reaches that of the canonical spelling, or is denied", () => {
    fc.assert(
      fc.property(fc.array(granted, { minLength: 1, maxLength: 5 }), spelt, (paths, [path, spelling]) => {
        const index = worldOf(paths);
        const found = reached(index, spelling);
        if (found.includes("/")) expect(found).toBe(reached(index, path));
      }),
      { numRuns: 2_000 },
    );
  });

  test("reach the API that a grant names, whatever the case of hex digits", () => {
    const bothCases = fc
      .tuple(canonical, fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }))
      .map(([path, lower]) => {
        let at = 0;
        return [path, path.replace(/%../g, (one) => (lower[at++ % 40] ? one.toLowerCase() : one))] as const;
      });
    fc.assert(
      fc.property(bothCases, ([path, spelling]) => {
        const index = worldOf([
          { type: "PathPrefix", value: "/" },
          { type: "Exact", value: path },
        ]);
        fc.pre(!path.startsWith("/test"));
        expect(reached(index, spelling)).toBe("team-shop/api-1");
      }),
    );
  });
});
