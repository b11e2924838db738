import { describe, expect, test } from "@jest/globals";
import { endpointText, parseEndpoint } from "../../../../../src/verifier/nonces/redis/endpoint.ts";

const plain = { host: "valkey.example", port: 6_379, isTls: false, database: 0 };

describe("the address of a nonce store", () => {
  test.each([
    ["redis://valkey.example", plain],
    ["redis://valkey.example/", plain],
    ["rediss://valkey.example:6380", { ...plain, port: 6_380, isTls: true }],
    ["redis://countersign@valkey.example/3", { ...plain, username: "countersign", database: 3 }],
    ["redis://a%40b@valkey.example", { ...plain, username: "a@b" }],
    ["redis://[::1]:7000", { ...plain, host: "::1", port: 7_000 }],
  ])("%s is read", (text, endpoint) => {
    expect(parseEndpoint(text)).toEqual({ ok: true, endpoint });
  });

  test.each([
    ["valkey.example:6379", "Write memory, or the address of a server"],
    ["http://valkey.example", "Write memory, or the address of a server"],
    ["redis://", "Write memory, or the address of a server"],
    ["redis://user:p4ssw0rd@valkey.example", "--nonce-store-password-file"],
    ["redis://:p4ssw0rd@valkey.example", "--nonce-store-password-file"],
    ["redis://valkey.example/zero", "the number of a database"],
    ["redis://valkey.example?db=1", "the number of a database"],
  ])("%s is rejected with a remedy, which does not quote it", (text, remedy) => {
    const parsed = parseEndpoint(text);
    expect(parsed).toEqual({ ok: false, remedy: expect.stringContaining(remedy) });
    expect(JSON.stringify(parsed)).not.toContain("p4ssw0rd");
  });

  test("is logged without its user", () => {
    expect(endpointText({ ...plain, username: "countersign" })).toBe("redis://valkey.example:6379");
    expect(endpointText({ ...plain, host: "::1", isTls: true })).toBe("rediss://[::1]:6379");
  });
});
