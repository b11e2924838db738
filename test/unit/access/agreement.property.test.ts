import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { ANYBODY } from "../../../src/access/anybody.ts";
import { type Identities, identitiesOf } from "../../../src/access/callers.ts";
import { type AskedRequest, admittedTo, decideFor } from "../../../src/access/decide.ts";
import { accessChanges } from "../../../src/access/diff.ts";
import type { Documents } from "../../../src/access/documents.ts";
import { OTHER_METHOD } from "../../../src/access/requests/requests.ts";
import { accessRows } from "../../../src/access/rows.ts";
import { type World, worldOf } from "../../../src/access/world.ts";
import { decide } from "../../../src/policy/decide.ts";
import { ProjectionIndex } from "../../../src/policy/index/projectionIndex.ts";
import { HeaderLines, isDenial, schemeNamed } from "../../../src/signing/scheme.ts";
import { key, stored } from "../../support/documents.ts";
import { change, keyIdOf, NOW, request, tree } from "../../support/randomTrees.ts";

const requests = fc.array(request, { minLength: 15, maxLength: 15 });
const SECRET = key().apiAppSecret.reveal();

/** A verifier that knows the documents. */
function verifierOf({ applications, domains, grants }: Documents): ProjectionIndex {
  const index = new ProjectionIndex();
  index.replace([...applications, ...domains, ...grants].map((document) => stored(document)));
  return index;
}

/** What the verifier decides for a request that the Application signs: "Allowed", or the code of the denial. */
function signedVerdict(index: ProjectionIndex, caller: string, { method, host, path }: AskedRequest): string {
  const [namespace = "", name = ""] = caller.split("/");
  const unsigned = { method, path, authority: host, headers: [] };
  const pair = { keyId: keyIdOf(namespace, name), secret: SECRET, algorithm: "hmac-sha256" };
  const headers = new HeaderLines(schemeNamed("Tencent").sign(unsigned, pair, new Date(NOW)).headers);
  const checked = { request: { ...unsigned, headers, body: { kind: "none" } as const }, context: {} };
  const decision = decide(checked, index, NOW);
  return decision.kind === "allow" || decision.enforcement === "Shadow" ? "Allowed" : codeOf(decision);
}

/** An id that only grants name exists for access, so that one code stands for both. */
function codeOf({ code }: { readonly code: string }): string {
  return code === "NoApplicationBound" ? "ApiNotGranted" : code;
}

const namesOf = ({ applications }: Documents) => applications.map((one) => `${one.namespace}/${one.name}`);

function verdict(world: World, name: string, asked: AskedRequest): string {
  const caller = world.callers.get(name);
  if (!caller && admittedTo(asked, world, NOW).open) return "Allowed";
  if (!caller) return name === ANYBODY ? "AuthorizationMissing" : "NoApplication";
  const decision = decideFor(caller, asked, world, NOW);
  return isDenial(decision) ? codeOf(decision) : "Allowed";
}

test("access and a verifier decide every signed request alike", () => {
  fc.assert(
    fc.property(tree, requests, (documents, asked) => {
      const world = worldOf(documents, identitiesOf([documents]));
      const index = verifierOf(documents);
      for (const one of asked) {
        const admitted = admittedTo(one, world, NOW);
        for (const name of namesOf(documents)) {
          const expected = signedVerdict(index, name, one);
          expect([name, one, verdict(world, name, one)]).toEqual([name, one, expected]);
          expect([name, one, admitted.open !== undefined || admitted.callers.has(name)]).toEqual([
            name,
            one,
            expected === "Allowed",
          ]);
        }
      }
    }),
    { numRuns: 50 },
  );
});

test("the rows of access have exactly what is allowed", () => {
  fc.assert(
    fc.property(tree, requests, (documents, asked) => {
      const world = worldOf(documents, identitiesOf([documents]));
      const rows = [...accessRows(world, NOW)];
      for (const { method, host, path } of asked.filter((one) => !one.path.includes("%"))) {
        const admitted = admittedTo({ method, host, path }, world, NOW);
        for (const name of admitted.open ? [ANYBODY] : admitted.callers.keys()) {
          const found = rows.some(
            (row) => row.caller === name && ["*", method].some((one) => row.methods.includes(one)),
          );
          expect([name, method, host, path, found]).toEqual([name, method, host, path, true]);
        }
      }
      for (const { caller, methods, host, path } of rows.filter((row) => row.path.type === "Exact")) {
        const one = {
          method: methods[0] === "*" ? "PATCH" : (methods[0] ?? ""),
          host: host.replace("*", "any"),
          path: path.value,
        };
        expect([one, verdict(world, caller, one)]).toEqual([one, "Allowed"]);
      }
    }),
    { numRuns: 100 },
  );
});

function sidesOf([old, next]: readonly [Documents, Documents]) {
  const identities: Identities = identitiesOf([old, next]);
  return { old: worldOf(old, identities), next: worldOf(next, identities) };
}

test("where access diff is empty no verdict differs, and every row of it is a difference", () => {
  let [empty, full] = [0, 0];
  fc.assert(
    fc.property(change, requests, (pair, asked) => {
      const sides = sidesOf(pair);
      const changes = [...accessChanges(sides, NOW)];
      const known = [...sides.old.callers.all, ...sides.next.callers.all].map(({ name }) => name);
      const callers = new Set([...known, ANYBODY]);
      if (changes.length === 0) {
        empty += 1;
        for (const one of asked)
          for (const name of callers) {
            const both = [sides.old, sides.next].map((world) => verdict(world, name, one) === "Allowed");
            expect([name, one, both[0]]).toEqual([name, one, both[1]]);
          }
      } else full += 1;
      for (const { change: what, caller, methods, example, otherwise } of changes) {
        const [, host = "", path = ""] = /^https:\/\/([^/]+)(.*)$/.exec(example) ?? [];
        const isAny = methods.includes("*") || methods.includes(OTHER_METHOD);
        const one = { method: isAny ? OTHER_METHOD : (methods[0] ?? ""), host, path };
        const [from, to] = what === "opens" ? [sides.old, sides.next] : [sides.next, sides.old];
        expect([one, verdict(to, caller, one)]).toEqual([one, "Allowed"]);
        expect([one, verdict(from, caller, one)]).toEqual([one, codeOf({ code: otherwise })]);
      }
    }),
    { numRuns: 400 },
  );
  expect(empty).toBeGreaterThan(20);
  expect(full).toBeGreaterThan(20);
});
