import { type Item, serializeInnerList } from "structured-headers";
import {
  type Body,
  HeaderLines,
  type KeyPair,
  type RequestToSign,
  type Signed,
  type SignedRequest,
} from "../model.ts";
import { componentList } from "./component.ts";
import { contentDigest } from "./contentDigest.ts";
import { signatureOver } from "./signatureAlgorithms.ts";
import { pathOf, queryOf, signatureBase } from "./signatureBase.ts";
import { DOCUMENTED } from "./variants.ts";

const LABEL = "sig1";

/**
 * Signs a request so that it covers what it must: adds content-digest where there is a body, signature-input and signature.
 * `more` names further headers to cover. The secret is a private key in PEM for a public-key algorithm.
 */
export function sign(request: RequestToSign, pair: KeyPair, now: Date, more: readonly string[] = []): Signed {
  const bytes = request.body && request.body.length > 0 ? request.body : undefined;
  const body: Body = bytes ? { kind: "bytes", bytes } : { kind: "none" };
  const digest = bytes ? [["content-digest", contentDigest(bytes)] as const] : [];
  const headers = new HeaderLines([...request.headers, ...digest]);
  const toSign: SignedRequest = { ...request, headers, body };
  const items = componentNames(toSign, more).map((name): Item => [name, new Map()]);
  const parameters = new Map<string, string | number>([
    ["created", Math.floor(now.getTime() / 1_000)],
    ["keyid", pair.keyId],
    ["alg", pair.algorithm],
    ...(request.nonce === undefined ? [] : [["nonce", request.nonce] as const]),
  ]);
  const list = componentList([items, parameters]);
  if (!list) throw new Error("the headers to sign are no names of headers, or too many");
  const parametersText = serializeInnerList([items, parameters]);
  const base = signatureBase(toSign, { list, parametersText }, DOCUMENTED);
  const signature = signatureOver(base, pair.algorithm, pair.secret).toString("base64");
  return {
    headers: [
      ...digest,
      ["signature-input", `${LABEL}=${parametersText}`],
      ["signature", `${LABEL}=:${signature}:`],
    ],
    stringToSign: base,
  };
}

/** An empty query differs from none in the request target alone. */
function componentNames({ path, headers }: SignedRequest, more: readonly string[]): readonly string[] {
  const target = queryOf(path) === "?" && pathOf(path) !== path ? ["@request-target"] : ["@path", "@query"];
  const sent = ["content-type", "content-digest"].filter((name) => headers.count(name) > 0);
  return [
    ...new Set(["@method", "@authority", ...target, ...sent, ...more.map((name) => name.toLowerCase())]),
  ];
}
