import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type InnerList, isInnerList, parseDictionary, serializeParameters } from "structured-headers";
import { componentList } from "../../../../src/signing/httpMessageSignatures/component.ts";
import { plainInput } from "../../../../src/signing/httpMessageSignatures/plainInput.ts";

const WORDS = [
  ...[
    '"@method"',
    '"@path"',
    '"x-a"',
    '"@query-param";name="a"',
    '"x";bs',
    '"X"',
    '"@path"',
    " ",
    "  ",
    '"a)"',
  ],
  ...['("@method" "@path")', "()", "(", ")", "=", ";", ",", "sig1", "a=", "*b-._1=", "S=", '"', "\\", "é"],
  ...["created=1", "created=01", "created=-1", "expires=1.5", "created=1234567890123456", 'keyid="k"'],
  ...['keyid="k\\"k"', "alg=token", "x", "x=?1", "x=:AAAA:", 'tag="t"', "keyid=7", 'nonce=""', "\t"],
];
const member = fc
  .tuple(
    fc.constantFrom("sig1", "*a", "b.c_d-e", "1a", "A", ""),
    fc.constantFrom(
      '("@method" "@path")',
      "()",
      '("x-a")',
      '( "x-a" )',
      '("@query-param";name="a b")',
      '("x";bs)',
    ),
    fc.array(
      fc.constantFrom(
        "created=1618884473",
        "expires=0",
        'keyid="a b"',
        'keyid="a\\"b"',
        "created=01",
        "x",
        'tag="t"',
        "alg=t",
      ),
      { maxLength: 5 },
    ),
  )
  .map(([label, list, parameters]) => `${label}=${[list, ...parameters].join(";")}`);
const anything = fc.array(fc.constantFrom(...WORDS), { maxLength: 8 }).map((words) => words.join(""));
const spliced = fc
  .tuple(member, fc.constantFrom(...WORDS, ""), fc.nat(60), fc.nat(3))
  .map(([text, word, at, cut]) => text.slice(0, at) + word + text.slice(at + cut));

/** What the library makes of a value with one member; undefined if it has another form. */
function parsed(value: string) {
  let members: ReturnType<typeof parseDictionary>;
  try {
    members = parseDictionary(value);
  } catch {
    return undefined;
  }
  const [[label, member] = ["", undefined]] = members;
  const list = member && isInnerList(member) ? componentList(member as InnerList) : undefined;
  if (!member || !list || members.size > 1) return undefined;
  const parameters = new Map(member[1]);
  return { label, list, parametersText: `${list.text}${serializeParameters(parameters)}`, parameters };
}

describe("the fast parser of Signature-Input", () => {
  test("returns what the library does for whatever it accepts", () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(member, spliced, anything), (value) => {
        const plain = plainInput(value);
        if (plain === undefined) return;
        accepted += 1;
        expect(plain).toEqual(parsed(value));
      }),
      { numRuns: 5_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  const accepted = [
    'sig1=("@method" "@authority" "@path" "@query");created=1618884473;keyid="k";alg="hmac-sha256"',
    "sig1=()",
    'a=("@query-param";name="x" "y";bs);expires=0',
  ];
  test.each(accepted)("accepts %s", (value) => {
    expect(plainInput(value)).toBeDefined();
  });

  const left: Record<string, string> = {
    "a second member": 'a=();created=1, b=("x")',
    "a tag, which decides between members": 'a=();tag="countersign"',
    "blanks that canonical form does not have": 'a=( "@path" )',
    "a repeated parameter, of which the last counts": "a=();created=1;created=2",
    "an escape": 'a=();keyid="a\\\\b"',
    "a zero in front": "a=();created=01",
    "a decimal": "a=();created=1.0",
    "sixteen digits": "a=();created=1234567890123456",
    "text behind a string": 'a=();keyid="k"x',
    "a label in upper case": "A=()",
    "a name of a parameter in upper case": 'a=();Keyid="k"',
    "bytes beyond ASCII": 'a=();keyid="é"',
  };
  test.each(Object.entries(left))("leaves to the library: %s", (_, value) => {
    expect(plainInput(value)).toBeUndefined();
  });
});
