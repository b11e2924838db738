import { describe, expect, test } from "@jest/globals";
import { Registry } from "prom-client";
import { verifierMetrics } from "../../../src/observe/metrics/verifierMetrics.ts";
import { Account } from "../../../src/verifier/account/account.ts";
import type { CheckerOptions } from "../../../src/verifier/checker.ts";
import type { Outcome } from "../../../src/verifier/outcome.ts";
import { spanOf } from "../../../src/verifier/spanFacts.ts";
import { checkerOver, HOST, mapShape, NOW, rawShape, signedLines } from "../../support/checks.ts";
import { application, domain, grant } from "../../support/documents.ts";
import { type DecodedResponse, decodeResponse, type HttpAttributes } from "../../support/envoyProtos.ts";

const WORLD = [application(), grant({ enforcement: "Shadow", plan: "gold" }), domain()];
const ENFORCED = [application(), grant(), domain()];
const FORGED: readonly (readonly [string, string])[] = [
  ["x-countersign-application-id", "app-forged00"],
  ["X-Countersign-Shadow", "Allowed"],
  ["x-countersign-admin", "true"],
];
const shapes = { raw: rawShape, map: mapShape };

const setBy = ({ okResponse }: DecodedResponse) =>
  new Map(okResponse?.headers.map(({ header }) => [header.key, header.value]));
const metadataOf = ({ dynamicMetadata }: DecodedResponse) =>
  Object.fromEntries(
    Object.entries(dynamicMetadata.fields).map(([name, { stringValue }]) => [name, stringValue]),
  );
const isAllowed = ({ status, okResponse, deniedResponse }: DecodedResponse) =>
  status?.code === 0 && okResponse !== null && okResponse !== undefined && !deniedResponse;

function asked(
  http: HttpAttributes,
  { documents = WORLD, ...options }: Partial<CheckerOptions> & { documents?: typeof WORLD } = {},
): DecodedResponse {
  return decodeResponse(checkerOver(documents, {}, options).check(http));
}

describe.each(Object.entries(shapes))(
  "P22: a request that only a Shadow grant names, in the %s shape",
  (_, shape) => {
    test("reaches the upstream with its identity and the decision if it is verified and granted", () => {
      const response = asked(shape({ headers: FORGED }));
      expect(isAllowed(response)).toBe(true);
      expect(Object.fromEntries(setBy(response))).toMatchObject({
        "x-countersign-application-id": "app-mobile00",
        "x-countersign-plan": "gold",
        "x-countersign-shadow": "Allowed",
      });
      expect(metadataOf(response)).toMatchObject({
        application_id: "app-mobile00",
        grant: "team-shop/orders",
        shadow: "Allowed",
      });
    });

    const denied: Record<string, readonly [HttpAttributes, string]> = {
      "is not signed": [shape({ headers: FORGED }, FORGED), "AuthorizationMissing"],
      "has a wrong signature": [shape({ headers: FORGED, secret: "other" }), "SignatureMismatch"],
      "has two authorizations": [
        shape({}, [...FORGED, ...signedLines({}), ...signedLines({})]),
        "AuthorizationMalformed",
      ],
      "has a body that cannot be verified": [
        shape({ method: "POST", body: Buffer.alloc(1_000, "a"), headers: FORGED }),
        "BodyUnverifiable",
      ],
    };
    test.each(Object.entries(denied))(
      "reaches the upstream without any identity if it %s",
      (_name, [http, code]) => {
        const response = asked(http);
        expect(isAllowed(response)).toBe(true);
        const headers = setBy(response);
        expect([...headers.keys()].filter((name) => name.startsWith("x-countersign-"))).toEqual([
          "x-countersign-shadow",
        ]);
        expect(headers.get("x-countersign-shadow")).toBe(code);
        expect(metadataOf(response)).toEqual({ shadow: code });
        const removed = response.okResponse?.headersToRemove.map((name) => name.toLowerCase());
        expect(removed).toEqual(
          expect.arrayContaining([
            "x-countersign-application-id",
            "x-countersign-admin",
            "x-envoy-auth-partial-body",
          ]),
        );
        expect(removed).not.toContain("x-countersign-shadow");
      },
    );

    test("keeps its Authorization header, which another component may need", () => {
      expect(asked(shape({})).okResponse?.headersToRemove).not.toContain("authorization");
      expect(asked(shape({ secret: "other" })).okResponse?.headersToRemove).not.toContain("authorization");
    });
  },
);

test("a verified request that is not granted is shadowed with its caller in the metadata, not in headers", () => {
  const others = grant({ enforcement: "Shadow", applications: [{ kind: "name", name: "other-app" }] });
  const documents = [application(), others, domain()];
  const response = asked(rawShape({}), { documents });
  expect(isAllowed(response)).toBe(true);
  expect(setBy(response).has("x-countersign-application-id")).toBe(false);
  expect(metadataOf(response)).toEqual({
    application_id: "app-mobile00",
    application: "team-shop/mobile-app",
    key_id: "APIDmobile",
    form: "documented",
    shadow: "NoApplicationBound",
  });
});

test("a forged shadow header never reaches the upstream of an enforced request", () => {
  const { okResponse } = asked(rawShape({ headers: FORGED }), { documents: ENFORCED });
  expect(okResponse?.headersToRemove).toEqual(
    expect.arrayContaining(["x-countersign-shadow", "authorization"]),
  );
  expect(okResponse?.headers.map(({ header }) => header.key)).not.toContain("x-countersign-shadow");
});

describe("with --shadow", () => {
  const shadowed = (http: HttpAttributes) => asked(http, { documents: ENFORCED, shadow: true });
  const requests: Record<string, readonly [HttpAttributes, string]> = {
    "a request that is allowed anyway": [rawShape({}), "Allowed"],
    "an unsigned request": [rawShape({}, []), "AuthorizationMissing"],
    "a request that no grant names": [rawShape({ path: "/none" }), "NoApiMatch"],
    "a request for an unknown host": [rawShape({ host: "none.example.com" }), "NoApiMatch"],
    "an unsafe path": [rawShape({ path: "//orders" }), "UnsafePath"],
    "CONNECT without a path": [rawShape({ method: "CONNECT", path: "" }, []), "UnsafePath"],
    "a request without a single path": [
      { headerMap: { headers: [{ key: ":method", rawValue: Buffer.from("GET") }] }, method: "GET" },
      "RequestUnverifiable",
    ],
  };
  test.each(Object.entries(requests))("%s is allowed, and the decision is reported", (_, [http, code]) => {
    const response = shadowed(http);
    expect(isAllowed(response)).toBe(true);
    expect(setBy(response).get("x-countersign-shadow")).toBe(code);
    expect(metadataOf(response).shadow).toBe(code);
    expect(setBy(response).has("x-countersign-application-id")).toBe(code === "Allowed");
  });

  test("client headers of the reserved prefix are removed, also where the request has no single path", () => {
    const lines = FORGED.map(([key, value]) => ({ key: key.toLowerCase(), rawValue: Buffer.from(value) }));
    const { okResponse } = shadowed({ method: "GET", headerMap: { headers: lines } });
    expect(okResponse?.headersToRemove).toEqual(
      expect.arrayContaining(["x-countersign-application-id", "x-countersign-admin"]),
    );
  });

  test("a request whose route names another API is allowed", () => {
    const { check } = checkerOver(ENFORCED, {}, { shadow: true });
    const response = decodeResponse(check(rawShape({}), { api: "team-shop/refunds" }));
    expect([isAllowed(response), metadataOf(response).shadow]).toEqual([true, "ContextMismatch"]);
  });
});

describe.each([
  ["a Shadow grant", WORLD, {}],
  ["--shadow", ENFORCED, { shadow: true }],
] as const)("P23: a request without a decision is denied, also with %s", (_, documents, options) => {
  const status = (bytes: Buffer) => decodeResponse(bytes).deniedResponse?.status?.code;

  test("while the verifier is not ready", () => {
    const { check } = checkerOver(documents, { isReady: () => false }, options);
    expect(status(check(rawShape({})))).toBe(503);
  });

  test("if the decision fails", () => {
    const now = () => {
      throw new Error("broken");
    };
    const { check, outcomes } = checkerOver(documents, { now }, options);
    expect(status(check(rawShape({}, [])))).toBe(503);
    expect(outcomes).toEqual([{ code: "InternalError" }]);
  });

  test("if it comes too close to the deadline", () => {
    const { check } = checkerOver(documents, {}, options);
    for (const http of [rawShape({}), rawShape({}, [])]) {
      expect(isAllowed(decodeResponse(check(http, {}, NOW + 21)))).toBe(true);
      expect(status(check(http, {}, NOW + 19))).toBe(503);
    }
  });

  test("if the proxy's message cannot be read", () => {
    const { checker } = checkerOver(documents, {}, options);
    expect(status(checker(Buffer.from([1, 2, 3]), NOW + 500))).toBe(400);
  });
});

test("P1: a Shadow grant allows no request of a path that can be understood in two ways", () => {
  const documents = [application(), grant({ enforcement: "Shadow", apis: apisAt("/") }), domain()];
  expect(asked(rawShape({ path: "//orders" }, []), { documents }).deniedResponse?.status?.code).toBe(400);
});

function apisAt(value: string) {
  return [{ name: "all", hosts: [HOST], paths: [{ type: "PathPrefix" as const, value }], methods: [] }];
}

test("the span of a shadowed request has the enforcement, and that of another has none", () => {
  const call = { message: Buffer.alloc(0), deadline: 0, isOver: false, header: () => undefined };
  const facts = (outcome: Outcome) => spanOf({ answer: Buffer.alloc(0), outcome }, call).facts;
  expect(facts({ code: "KeyUnknown", isShadowed: true })).toMatchObject({
    code: "KeyUnknown",
    enforcement: "Shadow",
  });
  expect(facts({ code: "KeyUnknown" }).enforcement).toBeUndefined();
});

describe("what is recorded of shadowed requests", () => {
  const shown = async (registry: Registry, name: string, label: Record<string, string> = {}) => {
    const found = await registry.getSingleMetric(name)?.get();
    return found?.values.find(({ labels }) =>
      Object.entries(label).every(([key, value]) => labels[key] === value),
    )?.value;
  };
  const recorded = () => {
    const registry = new Registry();
    const lines: [level: string, fields: object][] = [];
    const log = (level: string) => (fields: object) => lines.push([level, fields]);
    const logger = { info: log("info"), debug: log("debug") };
    let now = NOW;
    const account = new Account(verifierMetrics(registry), logger as never, () => now);
    const { check, outcomes } = checkerOver(WORLD);
    const note = (http: HttpAttributes) => {
      check(http);
      account.note(outcomes.at(-1) ?? { code: "InternalError" });
    };
    return { registry, lines, note, pass: (ms: number) => (now += ms) };
  };

  test("are the decisions, and by code which of them were allowed in Shadow mode", async () => {
    const { registry, note } = recorded();
    for (const http of [rawShape({}), rawShape({}, []), rawShape({}, []), rawShape({ path: "/none" })])
      note(http);
    const counts = async (name: string) =>
      await Promise.all(
        ["Allowed", "AuthorizationMissing", "NoApiMatch"].map((code) => shown(registry, name, { code })),
      );
    expect(await counts("countersign_shadowed_requests_total")).toEqual([1, 2, 0]);
    expect(await counts("countersign_decisions_total")).toEqual([1, 2, 1]);
  });

  test("is one line a second at level info for those that would be denied, and the others at level debug", () => {
    const { lines, note, pass } = recorded();
    for (let count = 0; count < 3; count++) note(rawShape({}, []));
    note(rawShape({}));
    pass(1_000);
    note(rawShape({ secret: "other" }));
    expect(lines.map(([level, fields]) => [level, (fields as { code: string }).code])).toEqual([
      ["info", "AuthorizationMissing"],
      ["debug", "AuthorizationMissing"],
      ["debug", "AuthorizationMissing"],
      ["info", "SignatureMismatch"],
    ]);
  });
});
