import { describe, expect, test } from "@jest/globals";
import { TerminalReport } from "../../../../../src/cli/commands/standalone/terminalReport.ts";
import { REASONS } from "../../../../../src/operator/conditions/reasons.ts";
import { FilesCollection } from "../../../../../src/store/files/collection.ts";

const MESSAGE = "The ApiAppKey in Secret team/pair belongs to another Application.";
const KEYS = {
  "a short key": "team/app",
  "a key that fills its column": `team/${"a".repeat(18)}`,
  "a key that is longer than its column": `team-${"s".repeat(58)}/${"a".repeat(63)}`,
};
const SPEC = {
  environment: "release",
  apis: [{ name: "orders", hosts: ["api.example.com"], paths: [{ type: "Exact", value: "/orders" }] }],
};
const STATUS = {
  applicationId: "app-k3v9x0q2",
  secretName: "app-credentials",
  keys: [{ apiAppKey: "APIDx", state: "Active" }],
};
type Ready = readonly [status: string, reason: string, message: string];

/** An object of one kind with this Ready condition, as the store holds it. */
function objectOf(kind: string, key: string, [status, reason, message]: Ready) {
  const [namespace, name] = key.split("/");
  const conditions = [{ type: "Ready", observedGeneration: 1, status, reason, message }];
  return {
    kind,
    metadata: { ...(kind === "ApiDomain" ? {} : { namespace }), name, generation: 1 },
    spec: kind === "ApiGrant" ? SPEC : {},
    status: { ...(kind === "Application" ? STATUS : {}), conditions },
  };
}

/** What the report prints about one object, and then about its deletion. */
function printed(kind: string, key: string, ready: Ready): readonly string[] {
  const lines: string[] = [];
  const collection = () => new FilesCollection<never>();
  const store = { domains: collection(), applications: collection(), grants: collection() };
  const of = { ApiDomain: store.domains, Application: store.applications, ApiGrant: store.grants }[kind];
  const report = new TerminalReport((line) => lines.push(line));
  report.follow(store, ".countersign");
  of?.put(key, objectOf(kind, key, ready) as never);
  report.flush();
  of?.put(key, undefined);
  report.flush();
  return lines;
}

const DETAILS: Readonly<Record<string, string>> = {
  ApiDomain: "",
  Application: "app-k3v9x0q2  key APIDx  secret: .countersign/credentials/team/app-credentials.yaml",
  ApiGrant: "release: orders  all methods  api.example.com/orders",
};
const cells = (line: string) => line.split(/ {2,}/);
const detailCells = (kind: string) => (DETAILS[kind] ? cells(DETAILS[kind]) : []);

describe.each(Object.keys(DETAILS))("a row of the report about one %s", (kind) => {
  describe.each(Object.entries(KEYS))("with %s", (_, name) => {
    const key = kind === "ApiDomain" ? name.replace("/", "-") : name;
    const details = detailCells(kind).map((cell) =>
      cell.replace("/team/", `/${name.slice(0, name.indexOf("/"))}/`),
    );

    test.each(Object.keys(REASONS))(
      "keeps kind, key, word and message apart: Not ready with %s",
      (reason) => {
        const [row = "", deleted = ""] = printed(kind, key, ["False", reason, MESSAGE]);
        expect(cells(row)).toEqual([kind, key, `Not ready: ${reason}`, MESSAGE, ...details]);
        expect(cells(deleted)).toEqual([kind, key, "Deleted"]);
      },
    );

    test("keeps kind, key, word and details apart: Ready", () => {
      const [row = ""] = printed(kind, key, ["True", "Ready", "All is well."]);
      expect(cells(row)).toEqual([kind, key, "Ready", ...details]);
    });

    test("keeps kind, key, word and message apart: ready with a reason that is not Ready", () => {
      const [row = ""] = printed(kind, key, ["True", "SomeApplicationsPending", MESSAGE]);
      expect(cells(row)).toEqual([kind, key, "SomeApplicationsPending", MESSAGE, ...details]);
    });
  });
});

test("rows of short keys are in columns", () => {
  const [row = ""] = printed("Application", "team/app", ["True", "Ready", ""]);
  expect(row).toMatch(/^Application {2}team\/app {17}Ready {3}app-k3v9x0q2 {2}key /);
});

test("a row without a message has no blanks at its end", () => {
  const [row = ""] = printed("ApiDomain", "shop", ["True", "Ready", ""]);
  expect(row).toBe(row.trimEnd());
});

test("prints all lines of a flush at once", () => {
  const writes: string[] = [];
  const applications = new FilesCollection<never>();
  const empty = () => new FilesCollection<never>();
  const report = new TerminalReport((lines) => writes.push(lines));
  report.follow({ domains: empty(), applications, grants: empty() }, ".countersign");
  const ready: Ready = ["True", "Ready", ""];
  for (const key of ["team/a", "team/b"]) applications.put(key, objectOf("Application", key, ready) as never);
  report.flush();
  report.flush();
  expect(writes.map((lines) => lines.split("\n").map((line) => cells(line)[1]))).toEqual([
    ["team/a", "team/b"],
  ]);
});
