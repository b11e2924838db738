import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import fc from "fast-check";
import { Secret } from "../../../src/api/secret.ts";
import {
  ALGORITHMS,
  KEY_SOURCES,
  KEY_STATES,
  OPEN_VARIANTS,
  PARAMETER_SETTINGS,
  PATH_TYPES,
} from "../../../src/api/vocabulary.ts";
import { decodeProjection, encodeProjection, isSameProjection } from "../../../src/projection/codec.ts";
import type { GrantedPath } from "../../../src/projection/documents.ts";
import { apiGrant } from "../../../src/projection/schemas.ts";
import { compareVersions } from "../../../src/projection/versions.ts";
import { application, domain, grant, key, settings } from "../../support/documents.ts";

const documents = [
  application({ labels: { ["__proto__"]: "x", a: "b" }, keys: [key({ retiresAt: "2027-01-01T00:00:00Z" })] }),
  application({ labels: JSON.parse('{"__proto__": "label"}') }),
  grant({
    applications: [
      { kind: "selector", selector: { matchExpressions: [{ key: "a", operator: "Exists" }] } },
      { kind: "id", applicationId: "app-00000000" },
    ],
    plan: "gold",
  }),
  grant({ enforcement: "Shadow" }),
  application({ replayProtection: { mode: "WhenSent", windowSeconds: 3_600 } }),
  domain({ replayProtection: { mode: "Required" } }),
  application({ schemes: { Tencent: settings(), AlibabaCA: settings({ algorithms: ["hmac-sha256"] }) } }),
  application({ schemes: { AlibabaCA: settings() } }),
  application({
    schemes: { HTTPMessageSignatures: settings() },
    publicKeys: [
      { keyId: "k", algorithm: "ed25519", publicKey: "PEM", expiresAt: "2027-01-01T00:00:00Z" },
      { keyId: "l", algorithm: "ecdsa-p256-sha256", publicKey: "PEM" },
    ],
  }),
  domain({ namespaces: { kind: "selector", selector: { matchLabels: { a: "b" } } } }),
];

test.each(documents.map((document) => [document.kind, document] as const))(
  "a document of kind %s is read as it was written",
  (_, document) => {
    const text = encodeProjection(document);
    const read = decodeProjection(text);
    expect(read.ok && encodeProjection(read.document)).toBe(text);
    expect(read.ok && read.document.kind).toBe(document.kind);
  },
);

test("equal documents are equal text, whatever the order of their fields", () => {
  const reversed = Object.fromEntries(Object.entries(grant()).reverse());
  expect(encodeProjection(reversed as never)).toBe(encodeProjection(grant()));
});

const V2 = { version: 2, signing: undefined };

describe("a text is refused", () => {
  const json = (change: object) =>
    JSON.stringify({ ...JSON.parse(encodeProjection(application())), ...change });
  test.each([
    ["that is no JSON", "{"],
    ["that is a list", "[]"],
    ["of another version", json({ version: 3 })],
    ["of version 2 with the settings of version 1", json({ version: 2 })],
    ["of version 1 with the settings of version 2", json({ schemes: application().schemes })],
    [
      "of version 2 with a scheme that this release does not know",
      json({ ...V2, schemes: { Other: settings() } }),
    ],
    ["of another kind", json({ kind: "Secret" })],
    ["with an unknown field", json({ extra: 1 })],
    ["without its keys", json({ keys: undefined })],
    ["whose suspended is text", json({ suspended: "false" })],
    ["with replay protection in version 1", json({ replayProtection: { mode: "Required" } })],
    [
      "with a mode of replay protection that is not known",
      json({
        version: 2,
        signing: undefined,
        schemes: application().schemes,
        replayProtection: { mode: "Off" },
      }),
    ],
    ["whose expiresAt is no time", json({ expiresAt: "soon" })],
    ["whose clock skew is unlimited", json({ signing: settings({ clockSkewSeconds: 1e9 }) })],
  ])("%s", (_, text) => {
    expect(decodeProjection(text).ok).toBe(false);
  });
  test("whatever it is, without an exception", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => expect(decodeProjection(text).ok).toBe(false)),
    );
  });
});

describe("every field of a document counts", () => {
  const OPTIONAL =
    /\.(?:expiresAt|publicKeys|notBefore|plan|enforcement|replayProtection|windowSeconds|rotatedFor|retiresAt|replacedAt|values|matchLabels|matchExpressions|schemes\.(?:Tencent|AlibabaCA|HTTPMessageSignatures))$/;
  const all = [
    ...documents,
    application({
      expiresAt: "2027-01-01T00:00:00Z",
      rotatedFor: "2026-01-01T00:00:00Z",
      keys: [key({ replacedAt: "2026-06-01T00:00:00Z", retiresAt: "2027-01-01T00:00:00Z" })],
    }),
    grant({ notBefore: "2026-01-01T00:00:00Z", expiresAt: "2027-01-01T00:00:00Z" }),
    domain(),
  ].map((document) => JSON.parse(encodeProjection(document)));
  const isRead = (value: unknown) => decodeProjection(JSON.stringify(value)).ok;

  test("an unknown one is rejected, wherever it is", () => {
    const records = all.flatMap((document) => recordsIn(document).filter((path) => !path.endsWith("abels")));
    expect(records.length).toBeGreaterThan(20);
    for (const document of all)
      for (const path of recordsIn(document).filter((one) => !one.endsWith("abels"))) {
        const changed = structuredClone(document);
        Object.assign(at(changed, path), { extra: "x" });
        expect([path, isRead(changed)]).toEqual([path, false]);
      }
  });

  test("one that is missing is refused, unless it is optional", () => {
    for (const document of all)
      for (const path of recordsIn(document).filter((one) => !one.endsWith("abels")))
        for (const name of Object.keys(at(document, path))) {
          const changed = structuredClone(document);
          delete at(changed, path)[name];
          const field = `${path}.${name}`;
          expect([field, isRead(changed)]).toEqual([field, OPTIONAL.test(field)]);
        }
  });

  test("one of another type is refused", () => {
    for (const document of all)
      for (const path of recordsIn(document))
        for (const name of Object.keys(at(document, path))) {
          const changed = structuredClone(document);
          at(changed, path)[name] = 0.5;
          expect([path, name, isRead(changed)]).toEqual([path, name, false]);
        }
  });
});

/** Where the records of a document stand, as `.keys.0`; "" for the document itself. */
function recordsIn(value: unknown, path = ""): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const below = Object.entries(value).flatMap(([name, inner]) => recordsIn(inner, `${path}.${name}`));
  return Array.isArray(value) ? below : [path, ...below];
}

function at(document: object, path: string): Record<string, unknown> {
  let value = document as Record<string, unknown>;
  for (const name of path.split(".").slice(1)) value = value[name] as Record<string, unknown>;
  return value;
}

describe("every word of the vocabulary is read, and no other", () => {
  const words: Record<string, [readonly string[], (word: string) => object]> = {
    algorithm: [ALGORITHMS, (word) => signing({ algorithms: [word] })],
    parameters: [PARAMETER_SETTINGS, (word) => signing({ parameters: word })],
    openVariants: [OPEN_VARIANTS, (word) => signing({ openVariants: [word] })],
    source: [KEY_SOURCES, (word) => application({ keys: [key({ source: word as never })] })],
    "type of a path": [PATH_TYPES, (word) => grant({ apis: [apiWith(word)] })],
    state: [KEY_STATES, (word) => application({ keys: [key({ state: word as never })] })],
  };
  test.each(Object.entries(words))("%s", (_, [known, document]) => {
    for (const word of [...known, "other"])
      expect([word, decodeProjection(encodeProjection(document(word) as never)).ok]).toEqual([
        word,
        word !== "other",
      ]);
  });
});

function apiWith(type: string) {
  const paths = [{ type: type as GrantedPath["type"], value: "/orders" }];
  return { name: "orders", hosts: ["a.example.com"], paths, methods: [] };
}

function signing(change: object) {
  return application({ schemes: { Tencent: settings(change) } });
}

describe("a Shadow grant", () => {
  const text = encodeProjection(grant({ enforcement: "Shadow" }));
  const fields = JSON.parse(text);

  test("is stored in version 2, and every other grant in version 1", () => {
    expect(fields).toMatchObject({ version: 2, enforcement: "Shadow" });
    expect(JSON.parse(encodeProjection(grant())).version).toBe(1);
    expect(decodeProjection(text)).toEqual({ ok: true, document: grant({ enforcement: "Shadow" }) });
  });

  test("is rejected in version 1, and with any other enforcement", () => {
    const isRead = (change: object) => decodeProjection(JSON.stringify({ ...fields, ...change })).ok;
    expect([{}, { version: 1 }, { enforcement: "Enforce" }, { enforcement: "shadow" }].map(isRead)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test("is rejected by the schema of the release before, which does not know the field", () => {
    const { enforcement: _, ...properties } = apiGrant.properties;
    const validate = new Ajv({ discriminator: true, formats: { "date-time": true } }).compile({
      ...apiGrant,
      properties,
    });
    const { version: _version, ...content } = fields;
    const { enforcement: _enforcement, ...without } = content;
    expect([validate(content), validate(without)]).toEqual([false, true]);
  });
});

describe("what the first release stored", () => {
  const texts: readonly string[] = JSON.parse(
    readFileSync(new URL("../../fixtures/projections/version1.json", import.meta.url), "utf8"),
  );

  test.each(texts)("is read, and written again as the same bytes: %s", (text) => {
    const read = decodeProjection(text);
    expect(read.ok && encodeProjection(read.document)).toBe(text);
  });

  test.each(texts)("means the same in version 2: %s", (text) => {
    const { version: _, signing, ...fields } = JSON.parse(text);
    const second = { ...fields, version: 2, ...(signing ? { schemes: { Tencent: signing } } : {}) };
    const read = decodeProjection(JSON.stringify(second));
    expect(read).toEqual(decodeProjection(text));
    expect(read.ok).toBe(true);
  });
});

describe("a document that version 1 cannot express", () => {
  const texts: readonly string[] = JSON.parse(
    readFileSync(new URL("../../fixtures/projections/version2.json", import.meta.url), "utf8"),
  );

  test.each(texts)("is read, and written again as the same bytes of version 2: %s", (text) => {
    const read = decodeProjection(text);
    expect(JSON.parse(text).version).toBe(2);
    expect(read.ok && encodeProjection(read.document)).toBe(text);
  });

  test("is version 1 again after its last path in the vendor's notation is gone", () => {
    const versionOf = (type: string) =>
      JSON.parse(encodeProjection(grant({ apis: [apiWith(type)] }))).version;
    expect(PATH_TYPES.map((type) => [type, versionOf(type)])).toEqual([
      ["PathPrefix", 1],
      ["Exact", 1],
      ["Template", 1],
      ["TencentPath", 2],
    ]);
  });
});

test("a document with replay protection is version 2, and version 1 again without it", () => {
  const versionOf = (document: Parameters<typeof encodeProjection>[0]) =>
    JSON.parse(encodeProjection(document)).version;
  const replayProtection = { mode: "WhenSent" } as const;
  expect([versionOf(application({ replayProtection })), versionOf(application())]).toEqual([2, 1]);
  expect([versionOf(domain({ replayProtection })), versionOf(domain())]).toEqual([2, 1]);
});

test("versions compare as numbers", () => {
  expect(["10", "9", "", "100"].sort(compareVersions)).toEqual(["", "9", "10", "100"]);
});

test("two documents that differ in a secret alone are not the same, nor are their texts", () => {
  const withSecret = (text: string) => application({ keys: [key({ apiAppSecret: Secret.of(text) })] });
  const [one, equal, other] = ["secret-one", "secret-one", "secret-two"].map(withSecret);
  if (!one || !equal || !other) throw new Error("three documents");
  expect([isSameProjection(one, equal), isSameProjection(one, other)]).toEqual([true, false]);
  expect(encodeProjection(one) === encodeProjection(other)).toBe(false);
});
