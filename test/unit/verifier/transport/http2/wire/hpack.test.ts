import { once } from "node:events";
import { describe, expect, jest, test } from "@jest/globals";
import fc from "fast-check";
import { createHttp2Transport } from "../../../../../../src/verifier/transport/http2/http2Transport.ts";
import { HpackDecoder } from "../../../../../../src/verifier/transport/http2/wire/hpack/decoder.ts";
import { encodeHeaders } from "../../../../../../src/verifier/transport/http2/wire/hpack/encode.ts";
import { callWith, framed, TransportHarness } from "../../../../../transport/harness.ts";

const decoder = () => new HpackDecoder(32_768);
const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
const decode = (from: HpackDecoder, bytes: Buffer) => from.decode(bytes, 0, bytes.length);

describe("the requests of RFC 7541, appendix C, are read one after the other", () => {
  const expected = [
    {
      ":method": "GET",
      ":scheme": "http",
      ":path": "/",
      ":authority": "www.example.com",
      "cache-control": undefined,
    },
    {
      ":method": "GET",
      ":scheme": "http",
      ":path": "/",
      ":authority": "www.example.com",
      "cache-control": "no-cache",
    },
    {
      ":method": "GET",
      ":scheme": "https",
      ":path": "/index.html",
      ":authority": "www.example.com",
      "custom-key": "custom-value",
    },
  ];
  test.each([
    [
      "C.3, as they are",
      [
        "828684410f7777772e6578616d706c652e636f6d",
        "828684be58086e6f2d6361636865",
        "828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565",
      ],
    ],
    [
      "C.4, with Huffman codes",
      [
        "828684418cf1e3c2e5f23a6ba0ab90f4ff",
        "828684be5886a8eb10649cbf",
        "828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf",
      ],
    ],
  ])("%s", (_, blocks) => {
    const reader = decoder();
    for (const [at, block] of blocks.entries()) {
      const headers = decode(reader, hex(block));
      for (const [name, value] of Object.entries(expected[at] ?? {})) expect(headers.get(name)).toBe(value);
    }
  });
});

test.each([
  ["an index of 0", "80"],
  ["an index above the tables", "be"],
  ["a name that is not in the tables", "7e 01 61"],
  ["a text that is longer than the block", "00 05 61"],
  ["a block that ends after a name", "00 01 61"],
  ["a number without end", "ff ff ff ff ff ff 01"],
  ["a table above the limit", "3f e2 1f"],
  ["a change of the table after a header", "82 20"],
  ["a Huffman code with padding of zeros", "00 81 18 00"],
  ["a Huffman code with eight bits of padding", "00 82 1f ff 00"],
  ["the Huffman code of EOS", "00 84 ff ff ff ff 00"],
])("%s is malformed", (_, block) => {
  expect(() => decode(decoder(), hex(block))).toThrow("a header block cannot be read");
});

test("a header that is evicted cannot be referred to any more", () => {
  const reader = decoder();
  decode(reader, hex("40 01 61 01 62"));
  expect(decode(reader, hex("be")).get("a")).toBe("b");
  decode(reader, hex("20 3f e1 1f"));
  expect(() => decode(reader, hex("be"))).toThrow("refers to a header that there is not");
});

test("an equal block means the same only while the table is the same", () => {
  const reader = decoder();
  decode(reader, hex("40 01 61 01 62"));
  expect(decode(reader, hex("be")).get("a")).toBe("b");
  expect(decode(reader, hex("be")).get("a")).toBe("b");
  decode(reader, hex("40 01 61 01 63"));
  expect(decode(reader, hex("be")).get("a")).toBe("c");
});

test("what is encoded is decoded", () => {
  const value = fc.string({ unit: "binary-ascii", maxLength: 300 });
  const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
  fc.assert(
    fc.property(fc.dictionary(names, value), (headers) => {
      const block = decode(decoder(), encodeHeaders(headers));
      for (const [name, text] of Object.entries(headers)) expect(block.get(name)).toBe(text);
    }),
  );
});

test("headers arrive as nghttp2 encodes them: every byte, and the same names again and again", async () => {
  const harness = new TransportHarness(createHttp2Transport);
  await harness.start();
  const session = harness.session();
  await once(session, "connect");
  const bytes = fc.sample(
    fc.array(
      fc.integer({ min: 0x21, max: 0xff }).filter((code) => code !== 0x7f),
      { minLength: 1, maxLength: 200 },
    ),
    { numRuns: 200, seed: 1 },
  );
  for (const [at, codes] of bytes.entries()) {
    const value = String.fromCharCode(...codes);
    const name = `x-${at % 7}`;
    expect(await callWith(session, framed(Buffer.from("m")), { [name]: value })).toMatchObject({ grpc: 0 });
    expect(harness.calls.at(-1)?.header(name)).toBe(value);
  }
  await harness.stop();
});

test("a name of the table is checked once, however often a block refers to it", () => {
  const reader = decoder();
  // As encoded, but with its name and value put into the table.
  const added = encodeHeaders({ ["a".repeat(4_000)]: "" });
  added[0] = 0x40;
  decode(reader, added);
  const matches = jest.spyOn(RegExp.prototype, "test");
  const ofNames = () => matches.mock.contexts.filter((it) => (it as RegExp).source.startsWith("^:?[")).length;
  decode(reader, encodeHeaders({ b: "" }));
  expect(ofNames()).toBe(1);
  decode(reader, Buffer.concat(Array.from({ length: 1_000 }, () => hex("0f 2f 00"))));
  expect(ofNames()).toBe(1);
  matches.mockRestore();
});
