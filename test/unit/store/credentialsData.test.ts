import { expect, test } from "@jest/globals";
import { CredentialsData } from "../../../src/store/credentialsData.ts";

test("a Secret's data has the keys of a key pair, as far as they are there, and no other", () => {
  const texts: Readonly<Record<string, string>> = { ApiAppKey: "APIDa", ApiAppSecret: "", other: "x" };
  const data = new CredentialsData((key) => texts[key]);
  expect(data.get("ApiAppKey")?.reveal()).toBe("APIDa");
  expect(data.get("ApiAppSecret")).toBeUndefined();
  expect(data.get("other")).toBeUndefined();
  expect([...data].map(([key, value]) => [key, value.reveal()])).toEqual([["ApiAppKey", "APIDa"]]);
});
