import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decodeCheckRequest } from "../../../../src/verifier/wire/checkRequest.ts";
import {
  encodeDenied,
  encodeOk,
  removing,
  responding,
  setting,
  template,
} from "../../../../src/verifier/wire/checkResponse.ts";
import { decodeResponse, encodeCheck } from "../../../support/envoyProtos.ts";

const latin1 = (text: string) => Buffer.from(text, "utf8").toString("latin1");
const text = fc.string({ unit: "binary", maxLength: 20 });
const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array));
const names = fc.oneof(fc.constantFrom("__proto__", "constructor", "toString", ":path"), text);

describe("a CheckRequest", () => {
  test("is decoded as the official definitions encode it, in both header shapes", () => {
    const http = fc.record({
      id: text,
      method: text,
      path: text,
      host: text,
      protocol: text,
      headers: fc.array(fc.tuple(names, text), { maxLength: 5 }),
      headerMap: fc.array(fc.record({ key: names, rawValue: bytes }), { maxLength: 5 }),
      body: text,
      rawBody: bytes,
    });
    fc.assert(
      fc.property(http, fc.array(fc.tuple(text, text), { maxLength: 3 }), (sent, context) => {
        const headers = new Map(sent.headers.filter(([name]) => name !== "__proto__"));
        const extensions = new Map(context.filter(([name]) => name !== "__proto__"));
        const encoded = encodeCheck(
          { ...sent, headers: Object.fromEntries(headers), headerMap: { headers: sent.headerMap } },
          Object.fromEntries(extensions),
        );
        const decoded = decodeCheckRequest(encoded);
        for (const field of ["id", "method", "path", "host", "protocol"] as const)
          expect(decoded?.[field]).toBe(latin1(sent[field]));
        const sorted = (map: Iterable<readonly [string, string]>) => [...map].sort();
        const asBytes = (map: ReadonlyMap<string, string>) =>
          sorted([...map].map(([name, value]) => [latin1(name), latin1(value)] as const));
        expect(sorted(decoded?.headers.entries() ?? [])).toEqual(asBytes(headers));
        expect(decoded?.headerMap.entries()).toEqual(
          sent.headerMap.map(({ key, rawValue }) => [latin1(key), rawValue.toString("latin1")]),
        );
        expect(decoded?.body).toEqual(Buffer.from(sent.body, "utf8"));
        expect(decoded?.rawBody).toEqual(sent.rawBody);
        expect(sorted(decoded?.contextExtensions ?? [])).toEqual(asBytes(extensions));
      }),
      { numRuns: 300 },
    );
  });

  test("P18: keeps a header that is called __proto__ as a header", () => {
    const rawValue = Buffer.from("x");
    const decoded = decodeCheckRequest(
      encodeCheck({
        headerMap: {
          headers: [
            { key: "__proto__", rawValue },
            { key: "constructor", rawValue },
          ],
        },
      }),
    );
    expect([...(decoded?.headerMap.names() ?? [])]).toEqual(["__proto__", "constructor"]);
  });

  test("of any other bytes is undefined or attributes, never an exception", () => {
    const whole = encodeCheck({
      method: "GET",
      path: "/orders",
      headers: { a: "b" },
      rawBody: Buffer.from("x"),
    });
    const damaged = fc
      .tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), fc.nat(whole.length))
      .map(([at, value, length]) => {
        const copy = Buffer.from(whole);
        copy[at] = value;
        return copy.subarray(0, length);
      });
    fc.assert(
      fc.property(fc.oneof(bytes, damaged), (input) => {
        const decoded = decodeCheckRequest(input);
        expect(decoded === undefined || typeof decoded.path === "string").toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  test("with two HTTP parts is refused, since decoders disagree on which one counts", () => {
    const [one, two] = [encodeCheck({ path: "/a" }), encodeCheck({ path: "/b" })];
    expect(decodeCheckRequest(one)?.path).toBe("/a");
    expect(decodeCheckRequest(Buffer.concat([one, two]))).toBeUndefined();
  });
});

describe("a CheckResponse", () => {
  const map = fc
    .array(fc.tuple(text, text), { maxLength: 4 })
    .map((entries) => new Map(entries.filter(([name]) => name !== "__proto__")));

  test("that denies has a status of 400 or above and a code other than 0, whatever it is made from", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1_000, max: 1_000 }),
        map,
        text,
        map,
        (status, headers, body, metadata) => {
          const decoded = decodeResponse(encodeDenied({ status, headers, body, metadata }));
          expect(decoded.status?.code).toBeGreaterThan(0);
          expect(decoded.deniedResponse?.status?.code).toBeGreaterThanOrEqual(400);
          expect(decoded.okResponse ?? null).toBeNull();
          expect(decoded.deniedResponse?.body).toBe(body);
          const told = decoded.deniedResponse?.headers.map(({ header }) => [header.key, header.value]);
          expect(told).toEqual([...headers]);
        },
      ),
    );
  });

  test("that allows overwrites what it sets, and never removes what it sets", () => {
    fc.assert(
      fc.property(map, fc.array(text), map, map, (headers, remove, responseHeaders, metadata) => {
        const set = setting(headers, metadata);
        const parts = [set, responding(responseHeaders), removing(remove, [set])];
        const filled = template("x-filled", 3);
        const decoded = decodeResponse(encodeOk(parts, filled, "abc"));
        expect(decoded.status?.code).toBe(0);
        expect(decoded.deniedResponse ?? null).toBeNull();
        const options = decoded.okResponse?.headers ?? [];
        for (const option of options) expect(option.append).toEqual({ value: false });
        expect(options.map(({ header }) => [header.key, header.value])).toEqual([
          ["x-filled", "abc"],
          ...headers,
        ]);
        const removed = decoded.okResponse?.headersToRemove ?? [];
        expect(removed.filter((name) => headers.has(name.toLowerCase()))).toEqual([]);
        const fields = Object.entries(decoded.dynamicMetadata.fields).map(([name, value]) => [
          name,
          value.stringValue,
        ]);
        expect(new Map(fields as [string, string][])).toEqual(metadata);
      }),
    );
  });
});
