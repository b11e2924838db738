import { expect, test } from "@jest/globals";
import { SCHEMES, type SigningScheme } from "../../../src/signing/scheme.ts";
import { randomOf } from "../../support/tencent/madeTenant.ts";
import { PresentedRequest, STRICT, WIDE_OPEN } from "./presentedRequest.ts";
import { family } from "./randomRequests.ts";

/** The same seed makes the same requests; a failure names it. */
const SEED = Number(process.env.COUNTERSIGN_COLLISION_SEED ?? 2_026);
const INDEXED = 20_000;
const PAIRS = 1_000_000;

/** The first `count` requests of this seed, in families of so many members, each under every scheme. */
function presented(count: number, members: number, seed: number): readonly PresentedRequest[] {
  const random = randomOf(seed);
  const families = Array.from({ length: Math.ceil(count / members) }, () => family(members, random));
  return families
    .flat()
    .slice(0, count)
    .flatMap((whole) => SCHEMES.map((scheme) => new PresentedRequest(whole, scheme)));
}

function report(signed: PresentedRequest, passes: PresentedRequest, what: string): never {
  const text = (one: PresentedRequest) => `${JSON.stringify(one.whole)} under ${one.scheme.name}`;
  throw new Error(`seed ${SEED}: ${text(signed)} and ${text(passes)}: ${what}`);
}

interface Entry {
  readonly owner: PresentedRequest;
  readonly meaning: string;
}

/** The strings that are accepted with each request, and with which one first. Fails at a string that two may not share. */
function indexed(all: readonly PresentedRequest[], settings: unknown, mayShare: MayShare) {
  const strings = new Map<string, Entry>();
  const counts = new Map<SigningScheme, number>(SCHEMES.map((scheme) => [scheme, 0]));
  let shared = 0;
  for (const owner of all) {
    const accepted = owner.acceptedStrings(settings);
    if (accepted.length > 0) counts.set(owner.scheme, (counts.get(owner.scheme) ?? 0) + 1);
    const entry = { owner, meaning: owner.meaning() };
    for (const text of accepted) {
      const other = strings.get(text);
      if (!other) strings.set(text, entry);
      else if (mayShare(other, entry)) shared += 1;
      else report(other.owner, owner, `both are accepted with the signature of ${JSON.stringify(text)}`);
    }
  }
  return { strings, counts: [...counts.values()], shared };
}

type MayShare = (one: Entry, other: Entry) => boolean;

const ofOneScheme: MayShare = (one, other) => one.owner.scheme === other.owner.scheme;
const ofOneMeaning: MayShare = (one, other) => ofOneScheme(one, other) && one.meaning === other.meaning;

// Every request is compared with every other one, since a signature is accepted if and only if its string is in the list of the request.
test(`P7: no two of ${INDEXED} requests under any schemes share an accepted string, unless they mean the same (seed ${SEED})`, () => {
  const { strings, counts, shared } = indexed(presented(INDEXED, 40, SEED), STRICT, ofOneMeaning);
  expect(Math.min(...counts)).toBeGreaterThan(INDEXED / 10);
  expect(strings.size).toBeGreaterThan(INDEXED);
  expect(shared).toBeGreaterThan(INDEXED / 10);
}, 120_000);

test(`no string is accepted under two schemes even if everything is opened that can be (seed ${SEED})`, () => {
  const { strings, counts } = indexed(presented(INDEXED, 40, SEED + 1), WIDE_OPEN, ofOneScheme);
  expect(Math.min(...counts)).toBeGreaterThan(INDEXED / 10);
  expect(strings.size).toBeGreaterThan(INDEXED);
}, 120_000);

/** Every request with the signature of every other one, until there were so many. The two of a pair may not mean the same. */
function* pairs(count: number): Generator<readonly [signed: PresentedRequest, sent: PresentedRequest]> {
  // A tenth more than needed, for the pairs that mean the same
  const all = presented(Math.ceil((1.1 * Math.sqrt(count)) / SCHEMES.length), 8, SEED + 2).map((one) => ({
    one,
    meaning: `${one.scheme.name} ${one.meaning()}`,
  }));
  let made = 0;
  for (const signed of all)
    for (const sent of all) {
      if (sent.meaning === signed.meaning) continue;
      yield [signed.one, sent.one];
      made += 1;
      if (made === count) return;
    }
  throw new Error(`seed ${SEED}: there are only ${made} pairs`);
}

test(`of ${PAIRS} pairs no request passes with the signature of the other one (seed ${SEED})`, () => {
  const signers = new Set<PresentedRequest>();
  for (const [signed, sent] of pairs(PAIRS)) {
    signers.add(signed);
    if (sent.isAcceptedWith(signed.mac, STRICT))
      report(signed, sent, "the second passes with the signature of the first");
  }
  const own = [...signers].filter((one) => one.isAcceptedWith(one.mac, STRICT));
  expect(own.length).toBeGreaterThan(Math.sqrt(PAIRS) / 5);
}, 600_000);
