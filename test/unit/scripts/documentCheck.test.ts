import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@jest/globals";
import { documentCheckCode } from "../../../scripts/documentCheck.ts";
import { isProjectionJson } from "../../../src/projection/check.ts";
import { application, domain, grant, key } from "../../support/documents.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

const FORMATS = fileURLToPath(new URL("../../../src/projection/formats.ts", import.meta.url));

const DOCUMENTS = [
  application({
    expiresAt: "2027-01-01T00:00:00Z",
    labels: { team: "a" },
    keys: [key({ retiresAt: "2027-01-01T00:00:00Z" })],
    replayProtection: { mode: "WhenSent", windowSeconds: 3_600 },
  }),
  grant({ plan: "gold", notBefore: "2026-01-01T00:00:00Z" }),
  domain(),
].map((document) => JSON.parse(JSON.stringify(document, (_, value) => value?.reveal?.() ?? value)));

/** The value itself, and with each of its parts removed or replaced. */
function* variationsOf(value: unknown): Generator<unknown> {
  yield value;
  yield* [null, 0.5, "soon", {}, []];
  if (typeof value !== "object" || value === null) return;
  const isList = Array.isArray(value);
  if (!isList) yield { ...value, extra: "x" };
  for (const [name, part] of Object.entries(value)) {
    if (!isList) yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== name));
    for (const changed of variationsOf(part))
      yield isList ? value.with(Number(name), changed) : { ...value, [name]: changed };
  }
}

test("the code that is put into the bundle accepts and rejects the same documents", async () => {
  const code = documentCheckCode();
  expect(code).not.toContain("require(");
  const file = join(await temporaryFolder("document-check"), "check.mjs");
  await writeFile(file, code.replace('"./formats.ts"', JSON.stringify(FORMATS)));
  const compiled: { isProjectionJson: typeof isProjectionJson } = await import(file);
  const counts = { accepted: 0, rejected: 0 };
  for (const document of DOCUMENTS) {
    for (const value of variationsOf(document)) {
      const isAccepted = isProjectionJson(value);
      expect([isAccepted, value]).toEqual([compiled.isProjectionJson(value), value]);
      counts[isAccepted ? "accepted" : "rejected"] += 1;
    }
  }
  expect(counts.accepted).toBeGreaterThan(10);
  expect(counts.rejected).toBeGreaterThan(300);
});
