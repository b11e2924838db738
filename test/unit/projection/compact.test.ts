import { expect, test } from "@jest/globals";
import { decodeProjection, encodeProjection, isSameProjection } from "../../../src/projection/codec.ts";
import { compactDocument } from "../../../src/projection/compact.ts";
import { application, domain, grant } from "../../support/documents.ts";

test.each([application({ labels: { tier: "gold" } }), grant({}), domain({})])(
  "a compact document has the same encoding: $kind",
  (document) => {
    expect(isSameProjection(compactDocument(document), document)).toBe(true);
    expect(encodeProjection(compactDocument(document))).toBe(encodeProjection(document));
  },
);

test("decoded Applications share the settings that are equal", () => {
  const [one, other] = ["mobile-app", "web-app"].map((name) => {
    const decoded = decodeProjection(encodeProjection(application({ name })));
    return decoded.ok && decoded.document.kind === "Application" ? decoded.document : undefined;
  });
  expect(one?.schemes).toBeDefined();
  expect(other?.schemes).toBe(one?.schemes);
  expect(other?.name).toBe("web-app");
});
