import { signingKey } from "../../../../src/signing/algorithms.ts";
import { type Denial, isDenial, type SignedRequest, type Variant } from "../../../../src/signing/scheme.ts";
import { TENCENT_KEY_PAIR } from "../../../../src/signing/tencentKeyPair/tencentKeyPairScheme.ts";

/** The checks of a decision that the scheme makes, in their order. */
export function verify(request: SignedRequest, secret: string, now: number): Variant | Denial {
  const presented = TENCENT_KEY_PAIR.read(request);
  if (presented === undefined) throw new Error("the request presents nothing of the scheme");
  if (isDenial(presented)) return presented;
  const sentAt = TENCENT_KEY_PAIR.check(request, presented, now, 900_000);
  if (isDenial(sentAt)) return sentAt;
  const place = { environmentPrefix: "", environmentPrefixes: [] };
  return TENCENT_KEY_PAIR.verify({
    ...{ request, presented, key: signingKey(secret), place, settings: undefined },
  });
}

/** The name of the variant that verified, or the code of the denial. */
export function outcome(request: SignedRequest, secret: string, now: number): string {
  const found = verify(request, secret, now);
  return isDenial(found) ? found.code : found.name;
}
