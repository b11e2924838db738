import { describe, expect, test } from "@jest/globals";
import { requestIdOf, requestIdTemplate } from "../../../src/verifier/requestId.ts";
import { decodeCheckRequest } from "../../../src/verifier/wire/checkRequest.ts";
import { encodeOk } from "../../../src/verifier/wire/checkResponse.ts";
import { decodeResponse, encodeCheck } from "../../support/envoyProtos.ts";

test("an id of any length is a header for the upstream and for the caller", () => {
  for (let length = 1; length <= 128; length++) {
    const id = Array.from({ length }, (_, at) => String.fromCharCode(0x21 + (at % 90))).join("");
    const { okResponse } = decodeResponse(encodeOk([], requestIdTemplate(id), id));
    const told = [...(okResponse?.headers ?? []), ...(okResponse?.responseHeadersToAdd ?? [])];
    expect(told.map(({ header }) => [header.key, header.value])).toEqual(
      Array(2).fill(["x-api-requestid", id]),
    );
  }
});

describe("the id of a request is", () => {
  const idOf = (http: Parameters<typeof encodeCheck>[0]) => {
    const attributes = decodeCheckRequest(encodeCheck(http));
    return attributes && requestIdOf(attributes);
  };
  const raw = (value: string) => ({
    headerMap: { headers: [{ key: "X-Request-Id", rawValue: Buffer.from(value) }] },
  });

  test.each([
    ["that of the header in the raw shape", { id: "7", ...raw("raw") }, "raw"],
    ["that of the header in the map shape", { id: "7", headers: { "x-request-id": "map" } }, "map"],
    ["Envoy's id of the stream, without a header", { id: "7" }, "7"],
    [
      "Envoy's id of the stream, where the header is longer than 128",
      { id: "7", ...raw("a".repeat(129)) },
      "7",
    ],
    ["a word, where neither is safe in a header", { id: "a b", ...raw("a\nb") }, "none"],
  ])("%s", (_, http, expected) => {
    expect(idOf(http)).toBe(expected);
  });
});
