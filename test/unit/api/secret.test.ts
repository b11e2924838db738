import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { Secret } from "../../../src/api/secret.ts";

const secret = Secret.of("hunter2");

describe("P31: a secret shows as [redacted]", () => {
  const ways: Record<string, () => string> = {
    "in a template": () => `${secret}`,
    "joined to text": () => `${`${String(secret)}`}`,
    "as JSON": () => JSON.stringify({ secret }),
    "as JSON with blanks": () => JSON.stringify([secret], null, 2),
    "in the inspector": () => inspect({ secret }, { depth: 9, showHidden: true }),
    "in an error's message": () => new Error(`bad ${secret}`).message,
    "by its own properties": () =>
      `${JSON.stringify(Object.entries(secret)) + JSON.stringify({ ...secret })}[redacted]`,
  };
  test.each(Object.entries(ways))("%s", (_, print) => {
    expect(print()).toContain("[redacted]");
    expect(print()).not.toContain("hunter2");
  });
});

test("a secret is compared by its text and handed out by reveal alone", () => {
  expect(secret.reveal()).toBe("hunter2");
  expect(secret.equals(Secret.of("hunter2"))).toBe(true);
  expect(secret.equals(Secret.of("hunter3"))).toBe(false);
});
