import { describe, expect, test } from "@jest/globals";
import { isInWindow, parseDate } from "../../../../src/signing/hmacAuthorization/rfc1123.ts";

test("an RFC 1123 date is its instant", () => {
  expect(parseDate("Thu, 11 Mar 2021 08:29:58 GMT")).toBe(Date.UTC(2021, 2, 11, 8, 29, 58));
});

describe("P9: a date is refused", () => {
  test.each([
    ["in RFC 850", "Thursday, 11-Mar-21 08:29:58 GMT"],
    ["in asctime", "Thu Mar 11 08:29:58 2021"],
    ["in ISO 8601", "2021-03-11T08:29:58Z"],
    ["as a number", "1615451398"],
    ["in another zone", "Thu, 11 Mar 2021 08:29:58 +0800"],
    ["with the wrong day of the week", "Fri, 11 Mar 2021 08:29:58 GMT"],
    ["of a day that does not exist", "Tue, 30 Feb 2021 08:29:58 GMT"],
    ["at an hour that does not exist", "Thu, 11 Mar 2021 24:29:58 GMT"],
    ["joined from two lines", "Thu, 11 Mar 2021 08:29:58 GMT,Thu, 11 Mar 2021 08:29:58 GMT"],
    ["in lower case", "thu, 11 mar 2021 08:29:58 gmt"],
    ["when it is empty", ""],
  ])("%s", (_, text) => {
    expect(parseDate(text)).toBeUndefined();
  });
});

test("P10: the window closes on both sides", () => {
  expect([-901_000, -900_000, 0, 900_000, 901_000].map((off) => isInWindow(off, 0, 900_000))).toEqual([
    false,
    true,
    true,
    true,
    false,
  ]);
});
