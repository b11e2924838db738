import { expect, test } from "@jest/globals";
import { queryParameterValues } from "../../../../src/signing/httpMessageSignatures/queryParameter.ts";
import { GET, requestOf } from "./support.ts";

/** The examples of RFC 9421, section 2.2.8, and what its encoding sets apart from encodeURIComponent(). */
const CASES: Readonly<Record<string, [query: string, name: string, values: readonly string[]]>> = {
  "a plain value": ["param=value&foo=bar&baz=batman&qux=", "baz", ["batman"]],
  "an empty value": ["param=value&foo=bar&baz=batman&qux=", "qux", [""]],
  "escapes stay escapes": [
    "var=this%20is%20a%20big%0Amultiline%20value",
    "var",
    ["this%20is%20a%20big%0Amultiline%20value"],
  ],
  "a plus is a blank": ["bar=with+plus+whitespace", "bar", ["with%20plus%20whitespace"]],
  "a name that is encoded": ["fa%C3%A7ade%22%3A%20=something", "fa%C3%A7ade%22%3A%20", ["something"]],
  "marks that a form encodes": ["a=!'()~*-._", "a", ["%21%27%28%29%7E*-._"]],
  "raw bytes of UTF-8": ["a=\xc3\xa9", "a", ["%C3%A9"]],
  "a repeated name": ["a=1&a=2", "a", ["1", "2"]],
  "a name that is not there": ["a=1", "b", []],
};

test.each(Object.entries(CASES))("%s", (_, [query, name, values]) => {
  expect(queryParameterValues(requestOf({ ...GET, path: `/?${query}` }), name)).toEqual(values);
});

test("P33: a query of more than 1,000 parameters is not decoded", () => {
  const request = (count: number) => requestOf({ ...GET, path: `/?${"a&".repeat(count - 1)}a` });
  expect(queryParameterValues(request(1_000), "a")).toHaveLength(1_000);
  expect(queryParameterValues(request(1_001), "a")).toBeUndefined();
});
