import { describe, expect, test } from "@jest/globals";
import { reportJson, reportText } from "../../../../../src/cli/commands/replay/report.ts";
import type { Result } from "../../../../../src/cli/commands/replay/result.ts";
import { Tally } from "../../../../../src/cli/commands/replay/tally.ts";
import type { Verdict } from "../../../../../src/cli/shared/capture/verdict.ts";

const verdict: Verdict = {
  ...{ decision: "allow", code: "Allowed", message: null, form: "documented" },
  ...{ applicationId: "app-k3v9x0q2", grant: "team/partners", wouldVerifyWith: null },
};
const place = { file: "a.jsonl", line: 1 };
const subject = { application: "team/mobile", environment: "release", api: "team/orders" };
type Decided = Result & { readonly kind: "decided" };
const allowed: Decided = {
  kind: "decided",
  id: 1,
  place,
  verdict,
  subject,
  codeWithSetting: undefined,
  lostWith: undefined,
};
const denied = (change: Partial<Verdict>, more: Partial<Decided> = {}): Decided => ({
  ...{ ...allowed, verdict: { ...verdict, decision: "deny", code: "SignatureMismatch", ...change } },
  ...more,
});
const near = (
  wouldVerifyWith: Verdict["wouldVerifyWith"],
  codeWithSetting = "Allowed",
  application = "team/mobile",
) =>
  denied(
    { wouldVerifyWith },
    { codeWithSetting: codeWithSetting as "Allowed", subject: { ...subject, application } },
  );
const unreadable = (line: number): Result => ({
  ...{ kind: "unreadable", id: line, place: { file: "a.jsonl", line }, reason: "is not UTF-8" },
});
const undecidable = (reason: string): Result => ({ kind: "undecidable", id: 1, place, reason, subject });

function tallyOf(...results: readonly Result[]): Tally {
  const tally = new Tally();
  for (const result of results) tally.add(result);
  return tally;
}
const linesOf = (...results: readonly Result[]) =>
  reportText(tallyOf(...results))
    .trimEnd()
    .split("\n");

describe("the report", () => {
  test("groups by API, environment, Application and code, the most frequent first", () => {
    const other = { ...allowed, subject: { ...subject, api: null, environment: null, application: null } };
    expect(linesOf(denied({ code: "NoApiMatch" }), allowed, other, allowed)).toEqual([
      "API          ENVIRONMENT  APPLICATION  CODE        REQUESTS",
      "team/orders  release      team/mobile  Allowed     2",
      "-            -            -            Allowed     1",
      "team/orders  release      team/mobile  NoApiMatch  1",
      "3 of 4 requests are allowed",
    ]);
  });

  const suggestions: Record<string, [readonly Result[], readonly string[]]> = {
    "names a setting under which requests would be allowed": [
      [near({ parameters: "Decoded" }), near({ parameters: "Decoded" })],
      ["2 requests of team/mobile would be allowed with spec.signing.parameters: Decoded"],
    ],
    "states that requests would still be denied for another reason": [
      [near({ openVariants: ["FormNotSigned"] }, "NoApiMatch")],
      [
        "1 request of team/mobile would verify, and be denied for another reason, with spec.signing.openVariants: [FormNotSigned]",
      ],
    ],
    "states how many of them would be allowed": [
      [near({ parameters: "AsSent" }, "ApiNotGranted"), near({ parameters: "AsSent" })],
      [
        "2 requests of team/mobile would verify, and 1 of them be allowed, with spec.signing.parameters: AsSent",
      ],
    ],
    "joins several settings of one Application, and those that exclude each other to Either": [
      [
        near({ parameters: "AsSent" }),
        near({ parameters: "Decoded" }),
        near({ parameters: "Decoded", openVariants: ["FormNotSigned"] }),
        near({ parameters: "Decoded" }),
      ],
      [
        "2 requests of team/mobile would be allowed with spec.signing.parameters: Decoded",
        "1 request of team/mobile would be allowed with spec.signing.parameters: AsSent",
        "1 request of team/mobile would be allowed with spec.signing {parameters: Decoded, openVariants: [FormNotSigned]}",
        "4 requests of team/mobile would be allowed with spec.signing {parameters: Either, openVariants: [FormNotSigned]}",
      ],
    ],
    "states how many allowed requests a strict setting would deny, of the first 200": [
      [
        near({ parameters: "Decoded" }),
        ...Array.from(
          { length: 250 },
          (_, at): Result => ({ ...allowed, lostWith: () => (at % 4 === 0 ? ["Decoded"] : ["AsSent"]) }),
        ),
        near({ openVariants: ["FormNotSigned"] }),
      ],
      [
        "1 request of team/mobile would be allowed with spec.signing.openVariants: [FormNotSigned]",
        "1 request of team/mobile would be allowed with spec.signing.parameters: Decoded; it would deny 50 of the first 200 allowed requests with parameters, which parameters: Either does not",
        "2 requests of team/mobile would be allowed with spec.signing {parameters: Decoded, openVariants: [FormNotSigned]}; it would deny 50 of the first 200 allowed requests with parameters, which parameters: Either does not",
      ],
    ],
    "keeps Applications apart, the one with the most requests first": [
      [
        near({ parameters: "AsSent" }, "Allowed", "team/web"),
        near({ parameters: "Decoded" }),
        near({ parameters: "Decoded" }),
      ],
      [
        "2 requests of team/mobile would be allowed with spec.signing.parameters: Decoded",
        "1 request of team/web would be allowed with spec.signing.parameters: AsSent",
      ],
    ],
  };
  test.each(Object.entries(suggestions))("%s", (_, [results, expected]) => {
    expect(linesOf(...results).filter((line) => / would /.test(line))).toEqual(expected);
  });

  test("counts what is not decidable by its reason, and lists 10 reasons", () => {
    const reasons = Array.from({ length: 12 }, (_, at) =>
      undecidable(`reason ${String(at).padStart(2, "0")}`),
    );
    const lines = linesOf(...reasons, undecidable("reason 05"));
    const found = lines.filter((line) => line.includes("not decidable:"));
    expect(found).toHaveLength(10);
    expect(found[0]).toBe("2 requests not decidable: reason 05");
    expect(lines).toContain("and 2 more reasons; -o json has them all");
    expect(lines.at(-1)).toBe("0 of 13 requests are allowed, 13 are not decidable");
  });

  test("lists 20 unreadable places, and counts the others", () => {
    const lines = linesOf(allowed, ...Array.from({ length: 31 }, (_, index) => unreadable(index + 2)));
    expect(lines.filter((row) => /^a\.jsonl:\d+: unreadable: is not UTF-8$/.test(row))).toHaveLength(20);
    expect(lines.slice(-2)).toEqual([
      "and 11 more unreadable places; -o jsonl has them all",
      "1 of 1 requests are allowed, 31 places are unreadable",
    ]);
  });
});

test("-o json has the sums, the groups, the settings and the reasons", () => {
  const report = JSON.parse(
    reportJson(tallyOf(allowed, near({ parameters: "Decoded" }), undecidable("no body"), unreadable(7))),
  );
  expect(report).toEqual({
    ...{ allowed: 1, denied: 1, undecidable: 1, unreadable: 1 },
    groups: [
      {
        ...{ api: "team/orders", environment: "release", application: "team/mobile" },
        code: "Allowed",
        requests: 1,
      },
      {
        ...{ api: "team/orders", environment: "release", application: "team/mobile" },
        ...{ code: "SignatureMismatch", requests: 1 },
      },
      {
        ...{ api: "team/orders", environment: "release", application: "team/mobile" },
        code: "undecidable",
        requests: 1,
      },
    ],
    settings: [
      {
        application: "team/mobile",
        setting: { parameters: "Decoded" },
        requests: 1,
        allowed: 1,
        lost: 0,
        checked: 0,
      },
    ],
    undecidableReasons: [{ reason: "no body", requests: 1 }],
    unreadablePlaces: [{ file: "a.jsonl", line: 7, entry: null, reason: "is not UTF-8" }],
  });
});

test("all is allowed only where nothing is denied, undecidable or unreadable", () => {
  const all = [[allowed], [allowed, denied({})], [allowed, unreadable(2)], [allowed, undecidable("x")]];
  expect(all.map((results) => tallyOf(...results).isAllAllowed)).toEqual([true, false, false, false]);
});
