import { describe, expect, test } from "@jest/globals";
import { signedPaths } from "../../../../src/signing/tencent/signedPaths.ts";

const NESTED = ["/a", "/a/b"];

describe("the paths that a client may have signed", () => {
  const cases: Record<string, [path: string, prefix: string, signed: readonly string[]]> = {
    "of a path without an environment": ["/x", "", ["/x"]],
    "of a path in an environment": ["/a/x", "/a", ["/x", "/a/x"]],
    "of an environment alone": ["/a", "/a", ["/", "/a", ""]],
    "of a path whose environment lies in another": ["/a/b/%20", "/a/b", ["/%20", "/a/b/%20", "/ ", "/a/b/ "]],
    "of a path that decoding would move to the inner environment": ["/a/%62/x", "/a", ["/%62/x", "/a/%62/x"]],
    "of a path that decoding would move behind the environment once more": [
      "/a/%61/x",
      "/a",
      ["/%61/x", "/a/%61/x"],
    ],
    "of a path that names an environment twice": ["/a/a/x", "/a", ["/a/a/x"]],
    "of a path with a malformed escape": ["/%zz", "", ["/%zz"]],
    "of a path with an escape cut short": ["/%4", "", ["/%4"]],
  };
  test.each(Object.entries(cases))("%s", (_, [path, prefix, signed]) => {
    expect(signedPaths(path, prefix, NESTED).map(({ text }) => text)).toEqual(signed);
  });
});
