import { describe, expect, test } from "@jest/globals";
import { asAscii } from "../../../scripts/ascii.ts";

describe("the bundle is plain ASCII:", () => {
  test("a comment has escapes", () => {
    expect(asAscii("// it’s 5 µs 😀")).toBe("// it\\u2019s 5 \\u00b5s \\ud83d\\ude00");
  });

  test("a regular expression still matches the same text", () => {
    const pattern = new Function(`return ${asAscii("/^\\d+(µs|😀)$/u")}`)() as RegExp;
    expect(["5µs", "5😀", "5us"].map((text) => pattern.test(text))).toEqual([true, true, false]);
  });

  test("ASCII is unchanged", () => {
    const program = 'const a = "\\u2019";\n\tlet b = `x`;';
    expect(asAscii(program)).toBe(program);
  });
});
