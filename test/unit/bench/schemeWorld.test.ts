import { describe, expect, test } from "@jest/globals";
import { checkFrame } from "../../../bench/lab/requests.ts";
import {
  type CallerKind,
  membersOf,
  mixedProjections,
  OTHER_KINDS,
  POPULATION,
  PROTECTED,
  requestUnder,
  TENCENT,
} from "../../../bench/lab/schemeWorld.ts";
import type { Member } from "../../../bench/lab/world.ts";
import { checkerOver } from "../../support/checks.ts";
import { decodeResponse } from "../../support/envoyProtos.ts";

const { decide } = checkerOver(mixedProjections(), { now: () => Date.now() }, { maxRequestBytes: 2 ** 20 });

/** The code of the first and of the last member's request. */
async function codesOf(kind: CallerKind, nonce?: string): Promise<readonly string[]> {
  const members = membersOf(kind);
  const ends = [members[0], members.at(-1)] as Member[];
  return await Promise.all(
    ends.flatMap((one) =>
      (["GET", "POST 1 KiB JSON"] as const).map(async (request) => {
        const frame = checkFrame(requestUnder(kind, one, request, nonce && `${nonce} ${request}`));
        const call = { message: frame.subarray(5), deadline: Number.POSITIVE_INFINITY, isOver: false };
        const answer = decodeResponse((await decide(call)).answer);
        return answer.dynamicMetadata.fields.code?.stringValue ?? "allowed";
      }),
    ),
  );
}

const ALLOWED = ["allowed", "allowed", "allowed", "allowed"];

describe("in the world of the part schemes", () => {
  test.each([TENCENT, ...OTHER_KINDS].map((kind) => [kind.name, kind] as const))(
    "the requests of callers under %s are allowed",
    async (_, kind) => {
      expect(await codesOf(kind)).toEqual(ALLOWED);
    },
  );

  test("a nonce is claimed of protected callers alone, and ignored of others", async () => {
    expect(await codesOf(PROTECTED)).toEqual(Array(4).fill("NonceMissing"));
    expect(await codesOf(PROTECTED, "a")).toEqual(ALLOWED);
    expect(await codesOf(TENCENT, "a")).toEqual(ALLOWED);
  });

  test("every Application has callers of one kind", () => {
    const kinds = [TENCENT, ...OTHER_KINDS, PROTECTED];
    const names = kinds.flatMap((kind) => membersOf(kind).map(({ name }) => name));
    expect(new Set(names).size).toBe(POPULATION);
    expect(names.length).toBe(POPULATION);
  });
});
