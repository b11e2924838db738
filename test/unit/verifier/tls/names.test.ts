import { describe, expect, test } from "@jest/globals";
import { isAllowed, namesIn } from "../../../../src/verifier/tls/names.ts";

describe("the names in a certificate", () => {
  const cases: Record<string, [string | undefined, readonly string[]]> = {
    "are its DNS names, in lower case": ["DNS:Envoy.Test, DNS:b.test", ["envoy.test", "b.test"]],
    "are its URIs, as they are": [
      "URI:spiffe://Example.test/ns/a/sa/Envoy",
      ["spiffe://Example.test/ns/a/sa/Envoy"],
    ],
    "are neither addresses nor mailboxes nor directory names": [
      "IP Address:127.0.0.1, email:a@envoy.test, DirName:CN = envoy.test",
      [],
    ],
    "are empty without the extension": [undefined, []],
    "are empty for an empty extension": ["", []],
    "do not include a name inside another entry": ['URI:"http://a.test/, DNS:envoy.test"', []],
    "are kept beside an entry that is quoted": ['DNS:"a, DNS:b.test", DNS:c.test', ["c.test"]],
    "do not hold an entry that is quoted without need": ['DNS:"envoy.test"', []],
    "are empty when a part of the text cannot be parsed": ["DNS:envoy.test, nonsense", []],
    "are empty when a quoted entry does not end": ['DNS:envoy.test, DNS:"b', []],
    "are empty when an entry is followed by something else": ['DNS:envoy.test, DNS:"b"c', []],
  };
  test.each(Object.entries(cases))("%s", (_, [text, expected]) => {
    expect(namesIn(text)).toEqual(expected);
  });
});

describe("a client", () => {
  const cases: Record<string, [readonly string[], readonly string[], boolean]> = {
    "may ask when one of its names is allowed": [["a.test", "envoy.test"], ["envoy.test"], true],
    "may not ask when none is": [["a.test"], ["envoy.test", "b.test"], false],
    "may not ask without a name": [[], ["envoy.test"], false],
    "may not ask by a part of an allowed name": [["test", "x.envoy.test"], ["envoy.test"], false],
    "may not ask by a pattern in its certificate": [["*.test"], ["envoy.test"], false],
    "may ask with any name, or none, where all are allowed": [[], ["*"], true],
  };
  test.each(Object.entries(cases))("%s", (_, [names, allowed, expected]) => {
    expect(isAllowed(names, allowed)).toBe(expected);
  });
});
