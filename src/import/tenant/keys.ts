import { isApiAppKey, MIN_SECRET_BYTES, SHORT_SECRET_BYTES, secretFault } from "../../api/keyPair.ts";
import type { Secret } from "../../api/secret.ts";
import type { ApplicationFact, KeyResetFact } from "../facts.ts";
import type { GatewayWords } from "../gateway/gateway.ts";
import type { KeyPair } from "./model.ts";
import { timeOf } from "./order.ts";

/** The key pair of one application as several files have it. */
export type ChosenPair =
  /** `older` are facts with another pair that is not used. */
  | {
      readonly kind: "pair";
      readonly pair: KeyPair;
      readonly fact: ApplicationFact;
      readonly older: readonly ApplicationFact[];
    }
  | { readonly kind: "none"; readonly why: string }
  /** Two different pairs, and no time by which one is newer. */
  | { readonly kind: "conflict"; readonly facts: readonly [ApplicationFact, ApplicationFact] };

/** The pair with the latest ModifiedTime. `facts` are all those of one application. */
export function choosePair(
  facts: readonly ApplicationFact[],
  resets: readonly KeyResetFact[],
  words: GatewayWords,
): ChosenPair {
  const named = facts.filter(
    ({ key, secret }) => !isMasked(key) && secret !== undefined && !isMasked(secret.reveal()),
  );
  const [first] = named;
  if (!first) return { kind: "none", why: missingText(facts, words) };
  const latest = named.reduce((best, fact) => (isLater(fact, best) ? fact : best), first);
  const others = named.filter((fact) => !isSamePair(fact, latest));
  const equal = others.find((fact) => !isLater(latest, fact));
  if (equal) return { kind: "conflict", facts: [latest, equal] };
  const reset = resets.find(({ key }) => key !== "" && key !== latest.key);
  if (reset && latest.origin !== "response")
    return {
      kind: "none",
      why: "the state has the key pair from before a reset (tencentcloud_api_gateway_update_api_app_key): export the application with tccli",
    };
  return pairOf(latest, others);
}

function pairOf(fact: ApplicationFact, older: readonly ApplicationFact[]): ChosenPair {
  const secret = fact.secret as Secret;
  const bytes = Buffer.byteLength(secret.reveal());
  if (!isApiAppKey(fact.key))
    return { kind: "none", why: "the ApiAppKey is not 1 to 64 letters, digits, '_' and '-'" };
  if (bytes < MIN_SECRET_BYTES)
    return {
      kind: "none",
      why: `the ApiAppSecret has fewer than ${MIN_SECRET_BYTES} characters and could be guessed`,
    };
  const fault = secretFault(secret.reveal());
  if (fault !== undefined) return { kind: "none", why: `the ApiAppSecret ${fault}` };
  const pair: KeyPair = { apiAppKey: fact.key, apiAppSecret: secret, isShort: bytes < SHORT_SECRET_BYTES };
  return { kind: "pair", pair, fact, older };
}

/** What is written in place of a key that the exporting user may not read, or in an example. */
function isMasked(text: string): boolean {
  return text === "" || text.includes("*") || /^x{3,}$/i.test(text);
}

function missingText(facts: readonly ApplicationFact[], { exportKey }: GatewayWords): string {
  const isSeen = facts.some(({ key, secret }) => key !== "" || secret !== undefined);
  return isSeen ? `the key pair is masked: ${exportKey}` : `no file has its key pair: ${exportKey}`;
}

function isLater(a: ApplicationFact, b: ApplicationFact): boolean {
  const [one, other] = [timeOf(a.modified), timeOf(b.modified)];
  return one !== undefined && other !== undefined && one > other;
}

function isSamePair(a: ApplicationFact, b: ApplicationFact): boolean {
  return a.key === b.key && a.secret !== undefined && b.secret !== undefined && a.secret.equals(b.secret);
}
