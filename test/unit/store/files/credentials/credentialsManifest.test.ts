import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parse } from "yaml";
import { Secret } from "../../../../../src/api/secret.ts";
import { credentialsManifest } from "../../../../../src/store/files/credentials/credentialsManifest.ts";
import { readSimpleYaml } from "../../../../../src/store/files/yaml/simpleYaml.ts";

const content = (
  texts: { readonly key?: string; readonly secret?: string; readonly name?: string } = {},
) => ({
  namespace: "team-shop",
  name: texts.name ?? "mobile-app-credentials",
  owner: {
    kind: "Application",
    namespace: "team-shop",
    name: "mobile-app",
    uid: "4590cc56-673f-48f6-a654-37a1355d8908",
  } as const,
  applicationId: "app-otbum3pv",
  apiAppKey: texts.key ?? "APID2mXufpJauQcftYSbZr4n4b9mPw58t6ogFpDx",
  apiAppSecret: Secret.of(texts.secret ?? "5bZr4n4b9mPw58t6ogFpDx2mXufpJauQcftYSbZr"),
});

describe("the manifest of a credentials Secret", () => {
  test("has the identity, the owner and the key pair", () => {
    expect(parse(credentialsManifest(content()))).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: {
        name: "mobile-app-credentials",
        namespace: "team-shop",
        labels: { "countersign.dev/credentials": "true" },
        ownerReferences: [
          {
            apiVersion: "countersign.dev/v1alpha1",
            kind: "Application",
            name: "mobile-app",
            uid: "4590cc56-673f-48f6-a654-37a1355d8908",
          },
        ],
      },
      type: "countersign.dev/credentials",
      stringData: {
        ApiAppId: "app-otbum3pv",
        ApiAppKey: "APID2mXufpJauQcftYSbZr4n4b9mPw58t6ogFpDx",
        ApiAppSecret: "5bZr4n4b9mPw58t6ogFpDx2mXufpJauQcftYSbZr",
      },
    });
  });

  test("is YAML that is read without the library", () => {
    expect(readSimpleYaml(credentialsManifest(content()))).toHaveLength(1);
  });

  test("has a generated key pair without quotes, so that scripts find it", () => {
    expect(credentialsManifest(content())).toContain(
      "\n  ApiAppSecret: 5bZr4n4b9mPw58t6ogFpDx2mXufpJauQcftYSbZr\n",
    );
  });

  test("keeps every text as it is, in YAML 1.1 and 1.2", () => {
    const odd = fc.constantFrom("true", "yes", "null", "0x1f", "1e3", "12:30", "a: b", "a #b", "-", "'", '"');
    const numeric = fc.stringMatching(/^[0-9][0-9a-fxobeEtTzZgk_./-]{5,9}$/);
    const text = fc.oneof(
      odd,
      numeric,
      fc.string(),
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(text, text, text, (key, secret, name) => {
        for (const version of ["1.1", "1.2"] as const) {
          const read = parse(credentialsManifest(content({ key, secret, name })), { version });
          expect(read.stringData).toEqual({ ApiAppId: "app-otbum3pv", ApiAppKey: key, ApiAppSecret: secret });
          expect(read.metadata.name).toBe(name);
        }
      }),
      { numRuns: 500 },
    );
  });
});
