import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Denial, SCHEMES } from "../../../../src/signing/scheme.ts";
import { DeniedReplies } from "../../../../src/verifier/wire/deniedReplies.ts";

const ID = fc.oneof(
  fc.uuid(),
  fc.stringMatching(/^[!-~]{36}$/),
  fc.stringMatching(/^[\w.:-]{36}$/),
  fc.stringMatching(/^[!-~]{0,40}$/),
);
const DENIAL = fc.constantFrom(
  new Denial(401, "KeyUnknown", "no Application has this key"),
  new Denial(401, "KeyUnknown", "the same code with another message"),
  new Denial(403, "KeyUnknown", "no Application has this key"),
  new Denial(503, "NotReady", 'quotes a "word", a / and \u00fc'),
  new Denial(403, "ApiNotGranted", "a".repeat(36)),
);
const SCHEME = fc.constantFrom(...SCHEMES);

/** A reply in the words of the scheme, which holds the id in a header, in JSON, and twice in a row. */
function encoded({ voice }: (typeof SCHEMES)[number], denial: Denial, id: string): Buffer {
  return Buffer.from(
    JSON.stringify([denial.status, voice.headers(denial, id)]) + voice.body(denial, id) + id + id,
  );
}

describe("replies to denials", () => {
  test("P12: are what would be encoded for the request's id, whatever was replied before", () => {
    const steps = fc.array(fc.tuple(SCHEME, DENIAL, ID), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(steps, (all) => {
        const replies = new DeniedReplies();
        for (const [scheme, denial, id] of all) {
          const encode = (one: string) => encoded(scheme, denial, one);
          const reply = replies.reply({ ...denial, voice: scheme.voice }, id, encode);
          expect(reply.toString("latin1")).toBe(encode(id).toString("latin1"));
        }
      }),
    );
  });

  test("are encoded once for all ids of Envoy", () => {
    const replies = new DeniedReplies();
    const denial = new Denial(401, "KeyUnknown", "no Application has this key");
    const [scheme] = SCHEMES;
    let encodings = 0;
    const encode = (id: string) => {
      encodings += 1;
      return Buffer.from(id);
    };
    for (const digit of "123456789")
      replies.reply({ ...denial, voice: scheme?.voice ?? {} }, digit.repeat(36), encode);
    expect(encodings).toBe(2);
  });
});
