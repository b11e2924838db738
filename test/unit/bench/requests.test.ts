import { describe, expect, test } from "@jest/globals";
import {
  checkFrame,
  type RequestKind,
  type RequestOptions,
  signedRequest,
} from "../../../bench/lab/requests.ts";
import { member, projections } from "../../../bench/lab/world.ts";
import { HOSTILE } from "../../../bench/parts/refusalRequests.ts";
import { checkerOver } from "../../support/checks.ts";
import { decodeResponse } from "../../support/envoyProtos.ts";

const CALLER = member(7);

/** The code with which the requests of the benchmarks are answered in their world. */
async function codeOf(kind: RequestKind, options: RequestOptions): Promise<string> {
  const changes = { now: () => Date.now() };
  const { decide } = checkerOver(projections(10), changes, { maxRequestBytes: 2 ** 24 });
  const frame = checkFrame(signedRequest(kind, CALLER, options));
  const call = { message: frame.subarray(5), deadline: Number.POSITIVE_INFINITY, isOver: false };
  const answer = decodeResponse((await decide(call)).answer);
  return answer.dynamicMetadata.fields.code?.stringValue ?? "allowed";
}

describe("a request of the benchmarks", () => {
  const hostile: RequestOptions = { shape: HOSTILE.shape, target: HOSTILE.target };
  const cases: Record<string, [RequestKind, RequestOptions, string]> = {
    "is allowed as a GET": ["GET", {}, "allowed"],
    "is allowed as a POST of JSON": ["POST 1 KiB JSON", {}, "allowed"],
    "is allowed as a POST of a form": ["POST form", {}, "allowed"],
    "is allowed as a POST of a MiB": ["POST 1 MiB JSON", {}, "allowed"],
    "is allowed as a POST of nearly 16 MiB": ["POST 16 MiB JSON", {}, "allowed"],
    "is denied with an unknown key": ["GET", { fault: "unknown key" }, "KeyUnknown"],
    "is denied with a wrong signature": ["GET", { fault: "wrong signature" }, "SignatureMismatch"],
    "is denied for its signature, not for its many parameters, as the hostile one": [
      "GET",
      { ...hostile, fault: "wrong signature" },
      "SignatureMismatch",
    ],
  };
  test.each(Object.entries(cases))("%s", async (_, [kind, options, code]) => {
    expect(await codeOf(kind, options)).toBe(code);
  });
});

test("a frame is the message behind its length", () => {
  const frame = checkFrame(signedRequest("POST 1 KiB JSON", CALLER));
  expect([frame[0], frame.readUInt32BE(1)]).toEqual([0, frame.length - 5]);
});

test("a hundred Applications share a namespace, a host and a grant", () => {
  expect([member(99), member(100)].map(({ namespace }) => namespace)).toEqual(["team-0000", "team-0001"]);
  const kinds = projections(150).map(({ kind }) => kind);
  expect(
    ["ApiDomain", "ApiGrant", "Application"].map((kind) => kinds.filter((one) => one === kind).length),
  ).toEqual([2, 2, 150]);
});
