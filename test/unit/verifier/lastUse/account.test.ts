import { expect, test } from "@jest/globals";
import { Registry } from "prom-client";
import { verifierMetrics } from "../../../../src/observe/metrics/verifierMetrics.ts";
import { Account } from "../../../../src/verifier/account/account.ts";
import type { CheckerOptions } from "../../../../src/verifier/checker.ts";
import { checkerOver, NOW, rawShape, signedLines } from "../../../support/checks.ts";
import { application, domain, grant } from "../../../support/documents.ts";
import type { HttpAttributes } from "../../../support/envoyProtos.ts";

const WORLD = [application(), grant(), domain()];

/** What is recorded of one request, as `<ApiAppKey> <grant>`. */
function recordedOf(
  http: HttpAttributes,
  { documents = WORLD, deadline = NOW + 500, ...options }: Asked = {},
): readonly string[] {
  const recorded: string[] = [];
  const note = ({ apiAppKey }: { apiAppKey: string }, { fullName }: { fullName: string }) =>
    void recorded.push(`${apiAppKey} ${fullName}`);
  const logger = { info: () => {}, debug: () => {} };
  const account = new Account(verifierMetrics(new Registry()), logger as never, () => NOW, { note });
  const { check, outcomes } = checkerOver(documents, {}, options);
  check(http, {}, deadline);
  account.note(outcomes.at(-1) ?? { code: "InternalError" });
  return recorded;
}

type Asked = Partial<CheckerOptions> & {
  readonly documents?: Parameters<typeof checkerOver>[0];
  readonly deadline?: number;
};
const USED = ["APIDmobile team-shop/orders"];

const counted: Record<string, [HttpAttributes, Asked, readonly string[]]> = {
  "an allowed request counts for its key and its grant": [rawShape({}), {}, USED],
  "a request that a verifier with --shadow allows by its decision counts": [
    rawShape({}),
    { shadow: true },
    USED,
  ],
  "a request that a Shadow grant admits counts": [
    rawShape({}),
    { documents: [application(), grant({ enforcement: "Shadow" }), domain()] },
    USED,
  ],
  "a request that only --shadow lets through does not count": [rawShape({}, []), { shadow: true }, []],
  "an unsigned request does not count": [rawShape({}, []), {}, []],
  "a forged request does not count": [rawShape({ secret: "other" }), {}, []],
  "a request for an API that is not granted does not count": [rawShape({ path: "/none" }), {}, []],
  "a request of a suspended Application does not count": [
    rawShape({}),
    { documents: [application({ suspended: true }), grant(), domain()] },
    [],
  ],
  "a request without the nonce that its Application requires does not count": [
    rawShape({ headers: [["x-apigw-nonce", ""]] }, signedLines({})),
    { documents: [application({ replayProtection: { mode: "Required" } }), grant(), domain()] },
    [],
  ],
  "a request that is allowed too late to reach Envoy does not count": [
    rawShape({}),
    { deadline: NOW + 1 },
    [],
  ],
};
test.each(Object.entries(counted))("%s", (_, [http, asked, expected]) => {
  expect(recordedOf(http, asked)).toEqual(expected);
});
