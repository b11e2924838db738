import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { Secret } from "../../../../../src/api/secret.ts";
import { credentialsManifest } from "../../../../../src/store/files/credentials/credentialsManifest.ts";
import {
  parseManifest,
  readManifest,
  secretOfContent,
} from "../../../../../src/store/files/credentials/secretManifest.ts";
import type { SecretObject } from "../../../../../src/store/store.ts";

/** Everything that a Secret has; its values are in clear text, since private fields are not compared. */
function plain(secret: SecretObject | undefined): unknown {
  return secret && { ...secret, data: [...secret.data].map(([key, value]) => [key, value.reveal()]) };
}

test("a Secret that was written equals the one that its file is read as", () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
  const text = fc.oneof(fc.string(), fc.string({ unit: "grapheme" }), fc.constantFrom("", "true", "1e3"));
  fc.assert(
    fc.property(word, word, text, text, text, (namespace, name, id, key, secret) => {
      const content = {
        ...{ namespace, name, applicationId: id, apiAppKey: key, apiAppSecret: Secret.of(secret) },
        owner: { kind: "Application", namespace, name: "mobile-app", uid: "4590cc56" } as const,
      };
      const read = readManifest(parseManifest(credentialsManifest(content)), `${namespace}/${name}`);
      expect(plain(secretOfContent(content))).toEqual(plain(read));
    }),
  );
});
