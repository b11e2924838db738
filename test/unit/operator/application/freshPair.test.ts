import { expect, test } from "@jest/globals";
import { drawFresh } from "../../../../src/operator/application/freshPair.ts";
import { seededBytes } from "../../../support/operatorHarness.ts";

test("P21: ids, keys and secrets have the documented lengths and alphabets", () => {
  const { applicationId, apiAppKey, apiAppSecret } = drawFresh(seededBytes("x"), () => false);
  expect(applicationId).toMatch(/^app-[a-z0-9]{8}$/);
  expect(apiAppKey).toMatch(/^APID[A-Za-z0-9]{36}$/);
  expect(apiAppSecret.reveal()).toMatch(/^[A-Za-z0-9]{40}$/);
});

test("P21: every character is as likely as any other: bytes that would favour the first ones are dropped", () => {
  // 248 to 255 are beyond the last whole multiple of 62: modulo alone would turn them into A to H.
  const bytes = [...Array.from({ length: 8 }, (_, index) => 248 + index), 61];
  let at = 0;
  const random = (size: number) => Uint8Array.from({ length: size }, () => bytes[at++ % bytes.length] ?? 0);
  expect(drawFresh(random, () => false).apiAppSecret.reveal()).toBe("9".repeat(40));
});

test("an id or key of another Application is drawn again, and a source of randomness that repeats itself is a bug", () => {
  const random = seededBytes("y");
  const first = drawFresh(seededBytes("y"), () => false);
  const second = drawFresh(random, (value) => value === first.applicationId || value === first.apiAppKey);
  expect(second.applicationId).not.toBe(first.applicationId);
  expect(
    () =>
      drawFresh(
        () => new Uint8Array(60),
        () => true,
      ).applicationId,
  ).toThrow("randomness");
});
