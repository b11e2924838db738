import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { DENIAL_CODES, type DenialCode } from "../../../src/api/vocabulary.ts";
import type { Projection } from "../../../src/projection/documents.ts";
import { checkerOver, NOW, rawShape, type Sent, signedLines } from "../../support/checks.ts";
import { application, domain, grant } from "../../support/documents.ts";
import { decodeResponse } from "../../support/envoyProtos.ts";

/** A request and the world that it meets. The one without any change is allowed. */
interface Attempt {
  readonly isReady: boolean;
  readonly hasTwoPaths: boolean;
  readonly isSigned: boolean;
  readonly sent: Sent;
  readonly minutesLate: number;
  readonly isSuspended: boolean;
  readonly routedTo: string;
  readonly grantedTo: string;
  readonly timeLeftMs: number;
  readonly mode: "WhenSent" | "Required";
  /** Whether another request with its nonce was allowed before. */
  readonly isRepeated: boolean;
}

const ALLOWED: Attempt = {
  isReady: true,
  hasTwoPaths: false,
  isSigned: true,
  sent: {},
  minutesLate: 0,
  isSuspended: false,
  routedTo: "team-shop/orders",
  grantedTo: "mobile-app",
  timeLeftMs: 500,
  mode: "WhenSent",
  isRepeated: false,
};

/** It signs a nonce. */
const WITH_NONCE: Sent = { headers: [["x-apigw-nonce", "n-1"]], signed: ["x-apigw-nonce"] };

/** A row of README's table: the codes of its denials, and a fault that only it finds. */
interface Step {
  readonly question: string;
  readonly codes: readonly DenialCode[];
  readonly fault: Partial<Attempt>;
}

const STEPS: readonly Step[] = [
  {
    question: "Is the verifier in contact with the cluster, or was it within the last hour?",
    codes: ["NotReady"],
    fault: { isReady: false },
  },
  {
    question: "Did Envoy send one path, with none of its bytes replaced?",
    codes: ["RequestUnverifiable"],
    fault: { hasTwoPaths: true },
  },
  {
    question: "Can the path be understood in one way only?",
    codes: ["UnsafePath"],
    fault: { sent: { path: "/orders//7" } },
  },
  {
    question:
      "Is there one signature (`Authorization: hmac …`, `X-Ca-Signature` or `Signature`) that parses, with a key that is known, and a scheme and an algorithm that the Application allows?",
    codes: [
      "AuthorizationMissing",
      "AuthorizationMalformed",
      "AuthorizationIncomplete",
      "KeyOrSignatureMissing",
      "KeyUnknown",
      "AlgorithmUnsupported",
    ],
    fault: { isSigned: false },
  },
  {
    question:
      "Were the signed headers sent, once each, with an `X-Date`, `X-Ca-Timestamp` or `created` at most 15 minutes from now?",
    codes: [
      "SignedHeaderMissing",
      "SignedHeaderRepeated",
      "DateInvalid",
      "DateOutOfWindow",
      "SignatureExpired",
      "ComponentNotCovered",
      "ComponentUnsupported",
    ],
    fault: { minutesLate: 16 },
  },
  {
    question: "Does the signature match what arrived, the body included?",
    codes: [
      "SignatureMismatch",
      "ContentDigestMismatch",
      "BodyUnverifiable",
      "TooManyParameters",
      "StageMismatch",
    ],
    fault: { sent: { secret: "wrong" } },
  },
  {
    question: "Is the Application in force: not suspended, not expired?",
    codes: ["ApplicationSuspended", "ApplicationExpired"],
    fault: { isSuspended: true },
  },
  {
    question: "Which API is it? Of all grants for the host and environment the most specific path wins.",
    codes: ["NoApiMatch"],
    fault: { sent: { host: "unknown.example.com" } },
  },
  {
    question: "Does the path name the same API after its escapes are decoded, as an upstream may do?",
    codes: ["UnsafePath"],
    fault: { sent: { path: "/%6frders" } },
  },
  {
    question: "Does the proxy's route name the same API and environment, where it names any?",
    codes: ["ContextMismatch"],
    fault: { routedTo: "team-shop/refunds" },
  },
  {
    question: "Does a grant in force name this Application for that API?",
    codes: ["ApiNotGranted", "NoApplicationBound"],
    fault: { grantedTo: "other-app" },
  },
  {
    question: "Does the request sign a nonce, if replay protection requires one?",
    codes: ["NonceMissing"],
    fault: { mode: "Required", sent: {} },
  },
  {
    question: "Will the reply reach Envoy before its timeout?",
    codes: ["NotReady"],
    fault: { timeLeftMs: 10 },
  },
  {
    question: "With replay protection: was the nonce not used before?",
    codes: ["NonceRepeated", "NonceStoreFull", "NonceStoreUnavailable"],
    fault: { sent: WITH_NONCE, isRepeated: true },
  },
];

/** The table under "How a request is decided": each question with the first status of its row. */
function rows(): readonly { readonly question: string; readonly status: number }[] {
  const text = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
  const section = /^## How a request is decided\n([\s\S]*?)^## /m.exec(text)?.[1] ?? "";
  return [...section.matchAll(/^\| (.*\?.*) \| (\d{3})\b.* \|$/gm)].map(([, question = "", status]) => ({
    question,
    status: Number(status),
  }));
}

/** What the caller gets: 200 for an allowed request, or the status and code of the denial. */
function outcomeOf(attempt: Attempt): { readonly status: number; readonly code: string } {
  const { isReady, sent, minutesLate, timeLeftMs, routedTo } = attempt;
  const now = NOW + minutesLate * 60_000;
  const { check, outcomes } = checkerOver(worldOf(attempt), { isReady: () => isReady, now: () => now });
  if (attempt.isRepeated) check({ ...rawShape(WITH_NONCE), id: "of another request" }, {}, now + 500);
  const lines = attempt.isSigned ? signedLines(sent) : [];
  const http = rawShape(sent, attempt.hasTwoPaths ? [...lines, [":path", "/"]] : lines);
  const reply = decodeResponse(check(http, { api: routedTo }, now + timeLeftMs));
  const status = reply.okResponse ? 200 : (reply.deniedResponse?.status?.code ?? 0);
  return { status, code: outcomes.at(-1)?.code ?? "" };
}

/** One grant of `/orders`, and one of all other paths, so that a path with escapes names an API too. */
function worldOf({ isSuspended, grantedTo, mode }: Attempt): readonly Projection[] {
  const { apis, ...rest } = grant({ applications: [{ kind: "name", name: grantedTo }] });
  const all = apis.map((api) => ({ ...api, paths: [{ type: "PathPrefix", value: "/" } as const] }));
  return [
    application({ suspended: isSuspended, replayProtection: { mode } }),
    application({ uid: "uid-other", name: "other-app", applicationId: "app-other000", keys: [] }),
    { ...rest, apis },
    { ...rest, apis: all, uid: "uid-all", name: "all" },
    domain(),
  ];
}

describe("README's table of how a request is decided", () => {
  test("has these rows, in this order", () => {
    expect(rows().map(({ question }) => question)).toEqual(STEPS.map(({ question }) => question));
  });

  test("stands for every code of a denial, other than that of a fault of the verifier", () => {
    const codes = new Set(STEPS.flatMap((step) => step.codes));
    expect(DENIAL_CODES.filter((code) => !codes.has(code))).toEqual(["InternalError"]);
  });

  test.each(STEPS.map((step, at) => ({ ...step, at })))(
    'a request that fails at "$question" gets the status of that row, whatever else is wrong with it below',
    ({ fault, codes, at }) => {
      const alone = outcomeOf({ ...ALLOWED, ...fault });
      const below = STEPS.slice(at + 1).map((step) => step.fault);
      // Where two faults change one field, the request has that of the upper row.
      const all: Attempt = Object.assign({}, ALLOWED, ...below.toReversed(), fault);
      expect(alone.status).toBe(rows()[at]?.status);
      expect(codes).toContain(alone.code);
      expect(outcomeOf(all)).toEqual(alone);
    },
  );

  test("ends with a request that is allowed", () => {
    expect(outcomeOf(ALLOWED)).toEqual({ status: 200, code: "Allowed" });
  });
});
