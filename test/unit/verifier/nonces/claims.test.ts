import { describe, expect, test } from "@jest/globals";
import type { NonceResult } from "../../../../src/api/vocabulary.ts";
import type { NonceClaim, NonceStore } from "../../../../src/verifier/nonces/nonceStore.ts";
import type { Checked } from "../../../../src/verifier/outcome.ts";
import { checkerOver, NOW, rawShape, type Sent } from "../../../support/checks.ts";
import { application, domain, grant, stored } from "../../../support/documents.ts";
import { decodeResponse, encodeCheck } from "../../../support/envoyProtos.ts";

const SIGNED: Sent = { headers: [["x-apigw-nonce", "n-1"]], signed: ["x-apigw-nonce"] };
const world = (mode: "WhenSent" | "Required") => [
  application({ replayProtection: { mode } }),
  grant(),
  domain(),
];

/** A store that returns this, at once or when the test lets it. */
class FixedNonces implements NonceStore {
  readonly kind = "redis";
  readonly claims: NonceClaim[] = [];
  readonly #result: NonceResult | Promise<NonceResult>;

  constructor(result: NonceResult | Promise<NonceResult>) {
    this.#result = result;
  }

  claim(claim: NonceClaim): NonceResult | Promise<NonceResult> {
    this.claims.push(claim);
    return this.#result;
  }

  start(): void {}

  isAvailable(): boolean {
    return true;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function codeOf({ answer }: Checked): string {
  const { okResponse, deniedResponse } = decodeResponse(answer);
  if (okResponse) return "allowed";
  const { code } = JSON.parse(deniedResponse?.body ?? "{}");
  return `${deniedResponse?.status?.code} ${code}`;
}

const message = (sent: Sent, id = "7") => encodeCheck({ ...rawShape(sent), id }, {});
const call = (sent: Sent, id = "7", deadline = NOW + 500) => ({
  message: message(sent, id),
  deadline,
  isOver: false,
});

describe("a nonce that the store knows nothing of", () => {
  test.each(["WhenSent", "Required"] as const)("is accepted once in mode %s", async (mode) => {
    const { decide } = checkerOver(world(mode));
    expect(codeOf(await decide(call(SIGNED)))).toBe("allowed");
    const second = await decide(call(SIGNED, "8"));
    expect(codeOf(second)).toBe("401 NonceRepeated");
    expect(second.outcome.nonce).toBe("repeated");
    expect(codeOf(await decide(call(SIGNED, "7")))).toBe("allowed");
  });
});

describe("without an answer of the store", () => {
  test.each([
    ["Required", "full", "503 NonceStoreFull"],
    ["Required", "unavailable", "503 NonceStoreUnavailable"],
    ["WhenSent", "full", "allowed"],
    ["WhenSent", "unavailable", "allowed"],
  ] as const)("mode %s and a store that is %s", async (mode, result, expected) => {
    const { decide } = checkerOver(world(mode), { nonces: new FixedNonces(result) });
    const checked = await decide(call(SIGNED));
    expect(codeOf(checked)).toBe(expected);
    expect(checked.outcome.nonce).toBe(result);
  });
});

describe("P11: the store is asked", () => {
  const untold: Record<string, [Sent, number?]> = {
    "a request whose signature does not match": [{ ...SIGNED, secret: "guess" }],
    "a request that is not granted": [{ ...SIGNED, path: "/other" }],
    "a request without a nonce": [{}],
    "a request whose reply would be late": [SIGNED, NOW + 10],
  };
  test.each(Object.entries(untold))("not about %s", async (_, [sent, deadline]) => {
    const nonces = new FixedNonces("first");
    await checkerOver(world("Required"), { nonces }).decide(call(sent, "7", deadline));
    expect(nonces.claims).toEqual([]);
  });

  test("about a verified and granted request, with its Application, the id of its stream and the window", async () => {
    const nonces = new FixedNonces("first");
    await checkerOver(world("WhenSent"), { nonces }).decide(call(SIGNED, "4711"));
    expect(nonces.claims).toEqual([
      {
        id: expect.stringMatching(/^.{22}$/),
        applicationId: "app-mobile00",
        requestId: "4711",
        windowMs: 905_000,
      },
    ]);
  });
});

describe("until the store has replied", () => {
  /** A checker whose store replies when `reply` is called. */
  function waiting(
    change: { readonly now?: () => number; readonly isReady?: () => boolean } = {},
    mode: "WhenSent" | "Required" = "Required",
  ) {
    const { promise, resolve: reply } = Promise.withResolvers<NonceResult>();
    const over = checkerOver(world(mode), { nonces: new FixedNonces(promise), ...change });
    return { ...over, reply };
  }

  test("nothing is decided", async () => {
    const { decide, reply } = waiting();
    const checked = decide(call(SIGNED));
    expect(checked).toBeInstanceOf(Promise);
    reply("first");
    expect(codeOf(await checked)).toBe("allowed");
  });

  test("a change that takes the grant away denies the request", async () => {
    const { decide, index, reply } = waiting();
    const checked = decide(call(SIGNED));
    index.upsert(stored(grant({ suspended: true }), 2));
    reply("first");
    expect(codeOf(await checked)).toBe("403 ApiNotGranted");
  });

  test("a change that takes nothing away allows the request", async () => {
    const { decide, index, reply } = waiting();
    const checked = decide(call(SIGNED));
    index.upsert(stored(grant({ plan: "gold" }), 2));
    reply("first");
    expect(codeOf(await checked)).toBe("allowed");
  });

  test.each([
    ["full", "503 NonceStoreFull"],
    ["unavailable", "503 NonceStoreUnavailable"],
  ] as const)(
    "a change to mode Required denies the request of a store that is %s",
    async (result, expected) => {
      const { decide, index, reply } = waiting({}, "WhenSent");
      const checked = decide(call(SIGNED));
      index.upsert(stored(application({ replayProtection: { mode: "Required" } }), 2));
      reply(result);
      expect(codeOf(await checked)).toBe(expected);
    },
  );

  test("the key may have become that of another Application, for which the nonce is not used up", async () => {
    const { decide, index, reply } = waiting();
    const checked = decide(call(SIGNED));
    index.upsert(
      stored(application({ applicationId: "app-other000", replayProtection: { mode: "Required" } }), 2),
    );
    reply("first");
    expect(codeOf(await checked)).toBe("503 NonceStoreUnavailable");
  });

  test("replay protection may have been turned off", async () => {
    const { decide, index, reply } = waiting();
    const checked = decide(call(SIGNED));
    index.upsert(stored(application(), 2));
    reply("unavailable");
    expect(codeOf(await checked)).toBe("allowed");
  });

  test("a verifier may have lost its readiness", async () => {
    let isReady = true;
    const { decide, reply } = waiting({ isReady: () => isReady });
    const checked = decide(call(SIGNED));
    isReady = false;
    reply("first");
    expect(codeOf(await checked)).toBe("503 NotReady");
  });

  test("the deadline may have come too close", async () => {
    let now = NOW;
    const { decide, reply } = waiting({ now: () => now });
    const checked = decide(call(SIGNED));
    now += 490;
    reply("first");
    expect(codeOf(await checked)).toBe("503 NotReady");
  });
});

test("in Shadow mode a repeated nonce is reported, and the request is allowed", async () => {
  const { decide } = checkerOver(world("WhenSent"), {}, { shadow: true });
  await decide(call(SIGNED));
  const second = await decide(call(SIGNED, "8"));
  expect(codeOf(second)).toBe("allowed");
  expect(second.outcome).toMatchObject({ code: "NonceRepeated", isShadowed: true, nonce: "repeated" });
});
