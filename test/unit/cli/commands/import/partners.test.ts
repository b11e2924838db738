import { describe, expect, test } from "@jest/globals";
import { readPartners } from "../../../../../src/cli/commands/import/partners.ts";
import { TENCENT } from "../../../../../src/import/gateway/tencent.ts";

test("a mapping file has applicationIds, or maps with a namespace", () => {
  const text =
    "app-e9uvw53e: app-k3v9x0q2\napp-q7xkwo88: {applicationId: app-00000001, namespace: team-partner}\n";
  expect(readPartners(text, "partners.yaml", TENCENT)).toEqual(
    new Map([
      ["app-e9uvw53e", { applicationId: "app-k3v9x0q2" }],
      ["app-q7xkwo88", { applicationId: "app-00000001", namespace: "team-partner" }],
    ]),
  );
  expect(readPartners("# nothing yet\n", "partners.yaml", TENCENT).size).toBe(0);
});

describe("a mapping file is refused with", () => {
  const cases: Record<string, string> = {
    "a list": "- app-e9uvw53e\n",
    "a key that is no id": "mobile-app: app-k3v9x0q2\n",
    "a value that is no id": "app-e9uvw53e: mobile-app\n",
    "a namespace that is no name": "app-e9uvw53e: {applicationId: app-k3v9x0q2, namespace: A}\n",
    "another field": "app-e9uvw53e: {applicationId: app-k3v9x0q2, name: a}\n",
    "a key that is there twice": "app-e9uvw53e: app-k3v9x0q2\napp-e9uvw53e: app-k3v9x0q3\n",
    "an alias": "app-e9uvw53e: &a {applicationId: app-k3v9x0q2}\napp-q7xkwo88: *a\n",
    "text that is no YAML": "{app-e9uvw53e\n",
  };
  test.each(Object.entries(cases))("%s", (_, text) => {
    expect(() => readPartners(text, "partners.yaml", TENCENT)).toThrow(
      /^partners\.yaml.*write lines such as app-e9uvw53e: app-k3v9x0q2/,
    );
  });
});
